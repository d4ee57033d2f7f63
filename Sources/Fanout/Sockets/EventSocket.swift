package import CallModel

/// One socket on which the stream can be read.
package struct EventSocket: Sendable, Hashable {
    /// Who made the socket, which decides who removes it.
    package enum Origin: Sendable, Hashable {
        /// Made by us, and removed by us at the end. `group` nil: the group of the process.
        case path(String, mode: UInt32, group: String?)
        /// Handed over by the service manager, listening already, and not ours to remove.
        case inherited(descriptor: Int32)
    }

    package let origin: Origin
    package let numbers: EventEncoder.Numbers

    package init(_ origin: Origin, numbers: EventEncoder.Numbers) {
        self.origin = origin
        self.numbers = numbers
    }

    /// What stays the same when mode, group or numbers change.
    enum Place: Hashable, CustomStringConvertible {
        case path(String)
        case descriptor(Int32)

        var description: String {
            switch self {
            case .path(let path): path
            case .descriptor(let descriptor): "descriptor \(descriptor)"
            }
        }
    }

    var place: Place {
        switch origin {
        case .path(let path, _, _): .path(path)
        case .inherited(let descriptor): .descriptor(descriptor)
        }
    }
}
