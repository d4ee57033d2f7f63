/// Names one reader, uniquely also across restarts of the daemon, since events to a reader are named after it and
/// consumers drop an event whose id they have seen.
package struct SubscriberID: Sendable, Hashable, RawRepresentable, CustomStringConvertible {
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }
    package var description: String { rawValue }
}
