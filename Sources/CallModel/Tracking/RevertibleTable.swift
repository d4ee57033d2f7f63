/// A dictionary that can be put back to what it was, at the cost of what has changed since.
///
/// A copy that is kept would cost the whole: the first change after it copies every entry, thousands of them in each
/// batch.
struct RevertibleTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private var entries: [Key: Value] = [:]
    /// What the keys that have changed since `mark` stood for; nil where nobody goes back.
    private(set) var former: [Key: Value?]?

    var count: Int { entries.count }
    var keys: Dictionary<Key, Value>.Keys { entries.keys }
    var values: Dictionary<Key, Value>.Values { entries.values }

    subscript(key: Key) -> Value? {
        get { entries[key] }
        _modify {
            note(key)
            yield &entries[key]
        }
    }

    subscript(key: Key, default value: @autoclosure () -> Value) -> Value {
        get { entries[key, default: value()] }
        _modify {
            note(key)
            yield &entries[key, default: value()]
        }
    }

    /// From here on one can go back.
    mutating func mark() { former = [:] }

    /// What has changed since `mark` stays.
    mutating func settle() { former = nil }

    /// Nothing of what has changed since `mark` has happened.
    mutating func revert() {
        for (key, value) in former ?? [:] { entries[key] = value }
        former = nil
    }

    private mutating func note(_ key: Key) {
        guard former != nil, former?.index(forKey: key) == nil else { return }
        former?.updateValue(entries[key], forKey: key)
    }
}
