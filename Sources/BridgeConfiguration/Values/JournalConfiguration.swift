package import CallModel

/// How long the journal keeps what.
package struct JournalConfiguration: Sendable, Hashable {
    /// Events and calls.
    package let retention: Span
    /// Bytes on disk; the oldest events go first.
    package let maxSize: Int64
    /// What providers sent, as they sent it.
    package let raw: Span
}
