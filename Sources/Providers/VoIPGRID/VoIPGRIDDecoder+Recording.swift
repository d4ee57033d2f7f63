package import CallModel

extension VoIPGRIDDecoder: RecordableDecoder {
    package static let settingNames: [String] = []

    package init(numbers: NumberPlan, reading settings: SettingsReader) throws(SettingsReader.Fault) {
        self.init(numbers: numbers)
    }

    package var plan: NumberPlan { numbers }

    package func writeSettings(to json: inout JSONWriter) {}
}
