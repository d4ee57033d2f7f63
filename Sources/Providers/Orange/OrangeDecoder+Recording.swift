package import CallModel

extension OrangeDecoder: RecordableDecoder {
    package static let settingNames = [
        "call", "conference", "state", "words", "message_words", "message_elements", "duplicate_window_ms",
    ]

    package init(numbers: NumberPlan, reading settings: SettingsReader) throws(SettingsReader.Fault) {
        var read = Settings(numbers: numbers)
        read.notifications.call = settings.text("call")
        read.notifications.conference = settings.text("conference")
        read.notifications.state = settings.text("state")
        read.notifications.words = try settings.words("words") { OrangeNotifications.Meaning($0) }
        read.history.words = try settings.words("message_words") { MessageReport.Status(rawValue: $0) }
        if let elements = settings.text("message_elements") {
            read.history.elements = elements.split(separator: ",").map(String.init)
        }
        read.duplicateWindow = try settings.span("duplicate_window_ms")
        self.init(settings: read)
    }

    package var plan: NumberPlan { settings.numbers }

    package func writeSettings(to json: inout JSONWriter) {
        json.field("call", settings.notifications.call)
        json.field("conference", settings.notifications.conference)
        json.field("state", settings.notifications.state)
        json.table(
            "words",
            settings.notifications.words.mapValues { meaning in
                switch meaning {
                case .state(let state): state.rawValue
                case .ended(let outcome): outcome.rawValue
                }
            })
        json.table("message_words", settings.history.words.mapValues(\.rawValue))
        if settings.history.elements != OrangeHistory().elements {
            json.field("message_elements", settings.history.elements.joined(separator: ","))
        }
        json.field("duplicate_window_ms", settings.duplicateWindow?.milliseconds)
    }
}
