import ArgumentParser
import BridgeClient

struct SMSCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sms",
        abstract: "Send a text and print its id.",
        discussion: """
            For sources whose provider sends texts (Orange). Asked for once and never repeated: when the answer is lost, \
            the command ends with 75. What becomes of the text is told by message.status events.

            EXAMPLES
              ctibridge sms --source legacy +33639980001 "The doctor is late"
            """
    )

    @Argument(help: "The number to send to.")
    var number: String

    @Argument(help: "The text, 1 to 1600 characters.")
    var text: String

    @Option(help: "The shortcode or number to send from, where the source has several.")
    var from: String?

    @OptionGroup var options: OrderOptions

    func validate() throws {
        if number.isEmpty { throw ValidationError("the number is empty") }
        if text.isEmpty || text.count > 1_600 { throw ValidationError("a text has 1 to 1600 characters") }
    }

    func run() async throws {
        let reply = try await options.order().ask(
            .sendMessage(source: options.source, to: number, text: text, from: from))
        try options.print(reply, member: "id")
    }
}
