import CallModel
import Synchronization

/// What sources remember while the daemon runs, by their names: it outlives an exchange of the source. Bounded by the names
/// that were ever configured in this run.
final class SourceMemory: Sendable {
    private let values = Mutex<[SourceName: any Sendable]>([:])

    /// What was made for that name first.
    func value<Value: Sendable>(of source: SourceName, _ make: () -> Value) -> Value {
        values.withLock { values in
            if let known = values[source] as? Value { return known }
            let new = make()
            values[source] = new
            return new
        }
    }
}
