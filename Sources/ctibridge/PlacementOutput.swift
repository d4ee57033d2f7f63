import BridgeClient

/// Prints what came of a placement: the id of the call, for use in a script, or the daemon's whole answer.
enum PlacementOutput {
    static func print(_ reply: [UInt8], json: Bool) throws(ClientFailure) {
        let output = OutputDescriptor.standardOutput
        if json {
            _ = try output.write(TerminalText.escapedJSON(reply) + (reply.last == UInt8(ascii: "\n") ? [] : [0x0A]))
            return
        }
        guard let id = Placement.callID(in: reply) else {
            throw .protocolViolation("the daemon took the call but its answer names no id")
        }
        _ = try output.write("\(TerminalText.plain(id))\n")
        let ignored = Placement.ignoredOptions(in: reply)
        if !ignored.isEmpty {
            ClientProcess.note("this provider cannot be told \(ignored.joined(separator: ", ")); the call goes without")
        }
    }
}
