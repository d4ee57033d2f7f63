package import CallModel

/// A conference to be created (Orange API guide, "Conference").
package struct OrangeConference: Sendable, Hashable {
    /// Who may dial in.
    package enum Access: String, Sendable, CaseIterable {
        /// Whoever knows the code of the room.
        case room
        /// Whoever calls from a number of the list.
        case caller
        case roomAndCaller = "room+caller"
        /// Nobody: guests are called.
        case none
    }

    package var access: Access
    /// Who may dial in, where `access` asks who calls.
    package var numbers: [String]
    package var minutes: Int
    /// Nil: now.
    package var start: Timestamp?

    package init(access: Access, numbers: [String] = [], minutes: Int, start: Timestamp? = nil) {
        self.access = access
        self.numbers = numbers
        self.minutes = minutes
        self.start = start
    }
}

/// Why a request is not sent at all: a sentence for whoever asked, without a full number.
package struct OrangeRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
