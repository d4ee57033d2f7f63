import ArgumentParser
import BridgeClient

/// What all orders have in common.
struct OrderOptions: ParsableArguments {
    @Option(help: "The source to order from, by its configured name.")
    var source: String

    @Option(help: ArgumentHelp("The key of an earlier attempt, to ask for its result.", valueName: "key"))
    var idempotencyKey: String?

    @Flag(help: "Print the answer as JSON.")
    var json = false

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard let idempotencyKey else { return }
        guard (1...255).contains(idempotencyKey.utf8.count),
            idempotencyKey.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw ValidationError("an idempotency key is 1 to 255 printable characters") }
    }

    func order() throws -> Order {
        Order(client: try connection.client(), idempotencyKey: idempotencyKey)
    }

    /// The member of that name, for use in a script, or the whole answer.
    func print(_ reply: [UInt8], member: String) throws(ClientFailure) {
        if json { return try printJSON(reply) }
        guard let id = try ReplyDocument(reply).root[member]?.string else {
            throw .protocolViolation("the daemon took the order but its answer names no \(member)")
        }
        _ = try OutputDescriptor.standardOutput.write("\(TerminalText.plain(id))\n")
    }

    func printJSON(_ reply: [UInt8]) throws(ClientFailure) {
        _ = try OutputDescriptor.standardOutput.write(
            TerminalText.escapedJSON(reply) + (reply.last == UInt8(ascii: "\n") ? [] : [0x0A]))
    }
}
