import ArgumentParser
import BridgeClient
import CallModel

struct ConferenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conference",
        abstract: "Create a conference, let callers in, call guests.",
        discussion: """
            For sources whose provider has conferences (Orange).

            EXAMPLES
              ctibridge conference create --source legacy --access room+caller --minutes 30 +33199000001
              ctibridge conference add --source legacy 6789 +33199000002
              ctibridge conference call --source legacy 6789 +33639980001 +33639980002
            """,
        subcommands: [Create.self, Add.self, Call.self]
    )

    /// Who may dial in.
    enum Access: String, ExpressibleByArgument, CaseIterable {
        case room, caller
        case roomAndCaller = "room+caller"
        case none
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create", abstract: "Create a conference and print its id.")

        @Option(
            help: ArgumentHelp(
                "Who may dial in: whoever has the room's code, the callers of the list, both, or nobody.",
                valueName: "room|caller|room+caller|none"))
        var access: Access = .none

        @Option(help: ArgumentHelp("How long it lasts, 1 to 1440.", valueName: "n"))
        var minutes: Int

        @Option(help: ArgumentHelp("When it begins, as 2026-11-21T09:30:00Z; otherwise now.", valueName: "time"))
        var start: String?

        @Argument(help: "The numbers that may dial in.")
        var numbers: [String] = []

        @OptionGroup var options: OrderOptions

        func validate() throws {
            guard (1...1_440).contains(minutes) else { throw ValidationError("a conference lasts 1 to 1440 minutes") }
            if access == .caller, numbers.isEmpty {
                throw ValidationError("a conference for known callers needs their numbers")
            }
            if let start, Timestamp(rfc3339: start) == nil {
                throw ValidationError("give the start as 2026-11-21T09:30:00Z")
            }
        }

        func run() async throws {
            let reply = try await options.order().ask(
                .createConference(
                    source: options.source, access: access.rawValue, numbers: numbers, minutes: minutes,
                    start: start.flatMap { Timestamp(rfc3339: $0) }))
            try options.print(reply, member: "conference")
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Let more numbers dial into a conference.")

        @Argument(help: "The id of the conference.")
        var conference: String

        @Argument(help: "The numbers that may dial in.")
        var numbers: [String]

        @OptionGroup var options: OrderOptions

        func run() async throws {
            let reply = try await options.order().ask(
                .addCallers(source: options.source, conference: conference, numbers: numbers))
            if options.json { try options.printJSON(reply) }
        }
    }

    struct Call: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "call",
            abstract: "Call guests into a conference and print the id of each call.",
            discussion: """
                A guest who picks up joins by pressing #. One who is refused does not keep the others from being called; \
                the command then ends with 1.
                """)

        @Argument(help: "The id of the conference.")
        var conference: String

        @Argument(help: "The numbers to call.")
        var numbers: [String]

        @OptionGroup var options: OrderOptions

        func run() async throws {
            let reply = try await options.order().ask(
                .callGuests(source: options.source, conference: conference, numbers: numbers))
            let guests = try Order.guests(in: reply)
            if options.json {
                try options.printJSON(reply)
            } else {
                let called = guests.filter { $0.failure == nil }.map { "\(TerminalText.plain($0.call))\n" }.joined()
                _ = try OutputDescriptor.standardOutput.write(called)
            }
            for guest in guests {
                guard let failure = guest.failure else { continue }
                ClientProcess.note("\(TerminalText.plain(guest.number)): \(TerminalText.plain(failure))")
            }
            if guests.contains(where: { $0.failure != nil }) { ClientProcess.exit(1) }
        }
    }
}
