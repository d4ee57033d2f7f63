package import CallModel

/// A stretch of the journal as one reader sees it.
///
/// A selective filter may find nothing in a stretch, so a page says how far it has looked: a reader goes on with
/// `after: page.scannedTo`, and is at the head once `scannedTo` has reached it, however few lines it got.
package struct EventPage: Sendable {
    /// In ascending order of `seq`, without those the filter does not admit.
    package var lines: [StreamLine]
    /// Every kept event up to and including this one has been looked at.
    package var scannedTo: Int64
    /// The events that were asked for and are no longer kept; nil where there are none. A reader who sees a range
    /// here has a hole in what it got and must be told.
    package var missing: ClosedRange<Int64>?

    package init(lines: [StreamLine], scannedTo: Int64, missing: ClosedRange<Int64>? = nil) {
        self.lines = lines
        self.scannedTo = scannedTo
        self.missing = missing
    }
}
