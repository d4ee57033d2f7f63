package import CallModel

/// Some raw deliveries in the order in which they came.
package struct DeliveryPage: Sendable {
    package var deliveries: [Delivery]
    /// One for each of them: the place it has in the journal.
    package var ids: [Int64] = []
    /// Go on after this one.
    package var scannedTo: Int64
}

/// The raw deliveries that made one call what it is.
package struct CallInputs: Sendable {
    package var deliveries: [Delivery] = []
    /// Whether everything that the call or its session took in or told an event for is there.
    package var isComplete = true
    /// Numbers that were known to be lines of ours before the first of them, by source.
    package var lines: [SourceName: [String]] = [:]

    package init() {}
}
