/// What is wrong inside one line, before its place is known.
struct ScenarioFault: Error, Equatable {
    let message: String

    init(_ message: String) {
        self.message = message
    }
}
