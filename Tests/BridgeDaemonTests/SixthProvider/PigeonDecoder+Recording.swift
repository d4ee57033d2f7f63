package import CallModel
package import Providers

extension PigeonDecoder: RecordableDecoder {
    package static let settingNames = ["loft"]

    package init(numbers: NumberPlan, reading settings: SettingsReader) throws(SettingsReader.Fault) {
        guard let loft = settings.text("loft") else { throw SettingsReader.Fault(message: "\"loft\" is missing") }
        self.init(numbers: numbers, loft: loft)
    }

    package var plan: NumberPlan { numbers }

    package func writeSettings(to json: inout JSONWriter) {
        json.field("loft", loft)
    }

    package func replacingNumbers(_ replacement: (String) -> String) -> PigeonDecoder {
        PigeonDecoder(numbers: numbers, loft: replacement(loft))
    }
}
