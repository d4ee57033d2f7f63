import Synchronization

/// Collects what a session says to a person.
final class Notes: Sendable {
    private let state = Mutex<[String]>([])

    var all: [String] { state.withLock { $0 } }

    var add: @Sendable (String) -> Void {
        { text in self.state.withLock { $0.append(text) } }
    }

    /// Returns once so many notes have come. The test's time limit is the bound.
    func wait(for count: Int) async throws {
        while all.count < count { try await Task.sleep(for: .milliseconds(5)) }
    }
}
