package import CallModel

/// A decoder whose settings a recording can hold, so that a file says all that is needed to read it again, on a machine
/// that knows nothing of the configuration.
package protocol RecordableDecoder: DeliveryDecoder {
    /// The names of its settings besides `country`.
    static var settingNames: [String] { get }

    /// Reads what `writeSettings` wrote. What is left out has its default; a setting without one is asked for.
    init(numbers: NumberPlan, reading settings: SettingsReader) throws(SettingsReader.Fault)

    /// By which national numbers are read.
    var plan: NumberPlan { get }

    /// Writes what differs from the defaults; `country` is written already.
    func writeSettings(to json: inout JSONWriter)

    /// The same decoder, with `replacement` of each phone number among its settings in the number's place, so that a
    /// recording can be passed on without them. Itself by default: a decoder without such a setting.
    func replacingNumbers(_ replacement: (String) -> String) -> Self
}

extension RecordableDecoder {
    package func replacingNumbers(_ replacement: (String) -> String) -> Self { self }
}
