/// A secret that cannot be printed by accident: every textual form of it is `[redacted]`.
package struct Redacted<Value: Sendable & Hashable>: Sendable, Hashable {
    /// The secret itself. Reading it is the one deliberate act.
    package let exposed: Value

    /// From here on only `exposed` shows it.
    package init(_ value: Value) {
        exposed = value
    }
}

extension Redacted: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "[redacted]" }
    package var debugDescription: String { "[redacted]" }
    package var customMirror: Mirror { Mirror(self, children: [(label: String?, value: Any)]()) }
}
