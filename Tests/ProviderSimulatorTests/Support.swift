import Logging
import Testing

@testable import ProviderSimulator

/// A simulator on a free port for the time of `body`; long polls are held 60 s unless told otherwise.
func withSimulator(
    _ change: (inout SimulatorConfiguration) throws -> Void = { _ in },
    _ body: (Simulator, TestClient) async throws -> Void
) async throws {
    var configuration = SimulatorConfiguration(listen: try LoopbackAddress("127.0.0.1:0"))
    try change(&configuration)
    let simulator = Simulator(configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    let port = try await simulator.start()
    do {
        try await body(simulator, TestClient(port: port))
    } catch {
        await simulator.stop()
        throw error
    }
    await simulator.stop()
}

struct NeverHappened: Error {}

/// Waits up to 20 s for what other threads bring about.
func until(_ condition: () -> Bool) async throws {
    let deadline = ContinuousClock.now.advanced(by: .seconds(20))
    while !condition() {
        guard ContinuousClock.now < deadline else { throw NeverHappened() }
        try await Task.sleep(for: .milliseconds(2))
    }
}

func json(_ text: String) throws -> JSONValue {
    try JSONReader.read(text)
}

extension JSONValue {
    /// `v1` names of the events of an envelope.
    var eventNames: [String] { (self["Events"]?.items ?? []).compactMap { $0["Event"]?.text } }
}

/// One line of a scenario: an event of an OVH line.
func ovhLine(_ event: String, token: String = "T", call: String = "c", extra: String = "") -> String {
    #"{"ovh":{"token":"\#(token)","event":"\#(event)","line":"0033199000001","calling":"0033639980001","#
        + #""called":"0033199000001","call":"\#(call)"\#(extra)}}"#
}
