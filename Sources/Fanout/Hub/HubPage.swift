package import CallModel
package import NIOCore

/// What the hub holds after a cursor.
package enum HubPage: Sendable {
    /// At least one line, in order, beginning with the event after the cursor.
    case lines([StreamLine])
    /// The event after the cursor is no longer in memory: the journal has it.
    case tooOld
    /// There is no event after the cursor yet.
    case none
}

/// What the hub holds after a cursor, encoded.
package enum EncodedPage: Sendable {
    /// The lines, and the last event they cover: the cursor to go on from.
    case lines([ByteBuffer], through: Int64)
    case tooOld
    case none
}
