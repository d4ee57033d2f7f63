/// When something happened, by both clocks.
struct Moment: Sendable, Hashable, Codable {
    var observed: Timestamp
    var provider: Timestamp?

    /// What a reader is shown: the provider's time where it told one.
    var shown: Timestamp { provider ?? observed }

    /// The span between two moments by one clock: the provider's if it timed both, else ours. Nil where it would be
    /// negative: then one of the clocks is wrong, and nothing is known.
    static func span(from start: Moment?, to end: Moment?) -> Span? {
        guard let start, let end else { return nil }
        let span: Span
        if let first = start.provider, let last = end.provider {
            span = last.since(first)
        } else {
            span = end.observed.since(start.observed)
        }
        return span.milliseconds < 0 ? nil : span
    }

    /// Whether `later`, which must come after this, is known to have come before it by the clock that timed both.
    func isContradicted(by later: Moment?) -> Bool {
        later != nil && Self.span(from: self, to: later) == nil
    }

    /// Whether one came before the other: by the provider's clock if it timed both, else by ours.
    static func precedes(_ one: Moment, _ other: Moment) -> Bool {
        guard let first = one.provider, let last = other.provider else { return one.observed < other.observed }
        return first < last
    }

    /// Whether this happened after `other` or in the same moment, which may be a second long, as far as the provider's
    /// clock tells; nil where it does not.
    func isNotBefore(_ other: Moment?) -> Bool? {
        guard let provider, let theirs = other?.provider else { return nil }
        return provider >= theirs
    }

    /// Whether this happened after `other`, as far as the provider's clock tells; nil where it does not.
    func isAfter(_ other: Moment?) -> Bool? {
        guard let provider, let theirs = other?.provider else { return nil }
        return provider > theirs
    }
}
