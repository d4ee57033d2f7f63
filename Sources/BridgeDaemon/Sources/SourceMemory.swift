import CallModel
import Synchronization

/// What sources remember while the daemon runs, by a name that they give it: it outlives an exchange of the source.
/// Bounded by what was ever configured in this run.
final class SourceMemory: Sendable {
    private let values = Mutex<[String: any Sendable]>([:])

    /// What was made for that name first.
    func value<Value: Sendable>(_ name: String, _ make: () -> Value) -> Value {
        values.withLock { values in
            if let known = values[name] as? Value { return known }
            let new = make()
            values[name] = new
            return new
        }
    }
}
