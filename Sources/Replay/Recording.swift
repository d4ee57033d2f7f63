package import CallModel
package import Providers

/// Raw deliveries with their arrival times, and all that is needed to read them again: what `ctibridge capture` writes,
/// `ctibridge replay` reads, and the fixtures of the tests are.
///
/// JSON lines of three kinds; `docs/operations.md`, "Every bug report is a replay", describes them:
/// ```
/// {"recording":1,"by":"ctibridge 1.0","model":{"settle_ms":2000,…}}
/// {"source":"ovh/paris","settings":{"country":"FR"},"lines":["+33199000001"]}
/// {"at":"2026-01-05T09:00:00.000Z","source":"ovh/paris","kind":"poll","body":"…","attributes":{…}}
/// ```
/// `at` is RFC 3339, or in files written by hand milliseconds after `Recording.start`. `body` is the bytes as text,
/// JSON as it stands (its members are then sorted), or `body_base64` where they are no UTF-8. A source without
/// settings has the defaults of its provider and the country the reader was given.
package struct Recording: Sendable {
    /// What a line of the file says.
    package enum Entry: Sendable {
        case settings(SourceName, any RecordableDecoder)
        /// Numbers that the daemon knew to be lines of ours before the first delivery.
        case lines(SourceName, [String])
        case delivery(Delivery)
    }

    /// Those of the daemon that made the recording; the defaults where the file has none.
    package var limits = TrackerLimits()
    /// In the order of the lines: settings count for what follows them.
    package var entries: [Entry] = []

    package init() {}

    package var deliveries: [Delivery] {
        entries.compactMap { if case .delivery(let delivery) = $0 { delivery } else { nil } }
    }

    /// 2026-01-05T09:00:00Z, a Monday: the zero of times written as milliseconds.
    package static let start = Timestamp(milliseconds: 1_767_603_600_000)
    /// The version of the format.
    package static let version: Int64 = 1
    /// Of a limit of the model: a hundred days.
    static let longestLimit = Span.days(100)
    /// No delivery is later, so that what comes of the last one is told before the end of the year 9999, with which the
    /// notation of times ends: 9999-01-01T00:00:00Z.
    static let latest = Timestamp(milliseconds: 253_370_764_800_000)
    /// A line that is longer is a fault: a delivery is at most some MiB.
    package static let maximumLineBytes = 64 << 20
}
