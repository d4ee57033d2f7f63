/// Why the simulator cannot do what it was told.
package enum SimulatorError: Error, Equatable, CustomStringConvertible {
    /// An option makes no sense; the text says which and what to write instead.
    case invalid(String)
    /// The port is taken or may not be used.
    case cannotListen(address: String, reason: String)
    /// A scenario file cannot be read at all.
    case unreadable(file: String, reason: String)

    package var description: String {
        switch self {
        case .invalid(let message): message
        case .cannotListen(let address, let reason):
            "cannot listen on \(address): \(reason); stop the other program or choose another port with --listen"
        case .unreadable(let file, let reason): "cannot read \(file): \(reason)"
        }
    }
}
