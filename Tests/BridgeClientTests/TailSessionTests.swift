import BridgeClient
import CallModel
import Glibc
import Synchronization
import Testing

/// The whole way from the socket to the output, against a daemon that breaks off wherever it hurts.
@Suite(.timeLimit(.minutes(1))) struct TailSessionTests {
    private let scratch: Scratch
    private let notes = Notes()

    init() throws {
        signal(SIGPIPE, SIG_IGN)
        scratch = try Scratch()
    }

    private func tail(
        _ request: TailRequest = TailRequest(start: .oldest, follow: false), cursorFile: CursorFile? = nil,
        streamLines: StreamPrinter.StreamLines = .none, output: OutputDescriptor? = nil
    ) async throws {
        let printer = StreamPrinter(
            output: try output ?? scratch.output(), format: .json(escaping: false), streamLines: streamLines,
            cursorFile: cursorFile)
        let notes = notes
        var session = TailSession(
            client: APIClient(endpoint: try scratch.endpoint), request: request, printer: printer, note: notes.add)
        try await session.run()
    }

    private func printed() throws -> [UInt8] { try scratch.content(of: "output") }

    private let lines = (1...4).map { SampleLines.call(seq: $0) { $0.remote?.name = "Zoé 📞" } }

    @Test func passesOnEveryLineAsItCame() async throws {
        try await FakeDaemon.serve(at: scratch.socket, [.whole(lines)]) { daemon in
            try await tail()
            #expect(daemon.targets == ["/v1/events?after=oldest&follow=false"])
        }
        #expect(try printed() == Array(lines.joined()))
        #expect(notes.all == [])
    }

    @Test(arguments: [1, 10, 200, 300]) func aLineCutInTheMiddleIsReadAgainWhole(kept: Int) async throws {
        let half = HTTPBytes.chunk(Array(lines[2].prefix(kept)))
        try await FakeDaemon.serve(
            at: scratch.socket, [.broken(Array(lines[..<2]), then: half), .whole(Array(lines[2...]))]
        ) { daemon in
            try await tail()
            #expect(daemon.targets.last == "/v1/events?after=\(SampleLines.cursor(2))&follow=false")
        }
        #expect(try printed() == Array(lines.joined()))
    }

    @Test(arguments: [1, 3, 4, 5, 100]) func aChunkCutInTheMiddleLosesAndRepeatsNothing(kept: Int) async throws {
        let half = Array(HTTPBytes.chunk(lines[2]).prefix(kept))
        try await FakeDaemon.serve(
            at: scratch.socket, [.broken(Array(lines[..<2]), then: half), .whole(Array(lines[2...]))]
        ) { _ in try await tail() }
        #expect(try printed() == Array(lines.joined()))
    }

    @Test func linesSplitOverChunksAndChunksOfSeveralLines() async throws {
        let all = Array(lines.joined())
        let pieces = stride(from: 0, to: all.count, by: 97).map { Array(all[$0..<min($0 + 97, all.count)]) }
        try await FakeDaemon.serve(at: scratch.socket, [.whole(pieces)]) { _ in try await tail() }
        #expect(try printed() == all)
    }

    @Test func aBookmarkMovesAFilteredReader() async throws {
        let answers: [FakeDaemon.Answer] = [
            .broken([lines[0], SampleLines.bookmark(90)]), .whole([SampleLines.call(seq: 91)]),
        ]
        try await FakeDaemon.serve(at: scratch.socket, answers) { daemon in
            try await tail(TailRequest(start: .oldest, filter: .init(types: "call.*"), follow: false))
            #expect(daemon.targets.last == "/v1/events?after=\(SampleLines.cursor(90))&types=call.*&follow=false")
        }
        #expect(try printed() == lines[0] + SampleLines.call(seq: 91))
    }

    @Test func theHeadInTheGreetingIsNotAPosition() async throws {
        let answers: [FakeDaemon.Answer] = [
            .broken([SampleLines.hello(head: 4)] + lines[..<1]), .whole(Array(lines[1...])),
        ]
        try await FakeDaemon.serve(at: scratch.socket, answers) { _ in try await tail() }
        #expect(try printed() == Array(lines.joined()))
    }

    @Test func whatTheDaemonRepeatsIsNotPrintedAgain() async throws {
        try await FakeDaemon.serve(at: scratch.socket, [.broken(Array(lines[..<3])), .whole(Array(lines[1...]))]) { _ in
            try await tail()
        }
        #expect(try printed() == Array(lines.joined()))
    }

    @Test func afterAGapTheMissingEventsAreAskedForAgain() async throws {
        let gap = SampleLines.gap(from: 2, to: 3)
        let answers: [FakeDaemon.Answer] = [.open([lines[0], gap, lines[3]]), .whole(Array(lines[1...]))]
        try await FakeDaemon.serve(at: scratch.socket, answers) { daemon in
            try await tail()
            #expect(daemon.targets.last == "/v1/events?after=\(SampleLines.cursor(1))&follow=false")
        }
        #expect(try printed() == Array(lines.joined()))
    }

    @Test func anOrderlyEndIsNotTheEndForAFollower() async throws {
        let answers: [FakeDaemon.Answer] = [
            .whole([SampleLines.live(7)]), .json("503 Service Unavailable", #"{"title":"Starting"}"#),
            .json("404 Not Found", "{}"),
        ]
        try await FakeDaemon.serve(at: scratch.socket, answers) { daemon in
            await #expect(throws: ClientFailure.self) { try await tail(TailRequest()) }
            let resumed = "/v1/events?after=\(SampleLines.cursor(7))"
            #expect(daemon.targets == ["/v1/events", resumed, resumed])
        }
    }

    @Test func aDaemonThatRestartsIsWaitedForAndThatIsSaidOnce() async throws {
        let (notes, endpoint, output) = (notes, try scratch.endpoint, try scratch.output())
        let task = try await FakeDaemon.serve(
            at: scratch.socket, [.whole([lines[0], SampleLines.bye("shutdown")])]
        ) { _ in
            let task = Task {
                var session = TailSession(
                    client: APIClient(endpoint: endpoint), request: TailRequest(),
                    printer: StreamPrinter(output: output, format: .json(escaping: false), streamLines: .none),
                    note: notes.add)
                try await session.run()
            }
            try await notes.wait(for: 1)
            return task
        }
        try await FakeDaemon.serve(
            at: scratch.socket, [.whole([lines[1]]), .json("410 Gone", #"{"detail":"the end of the test"}"#)]
        ) { daemon in
            await #expect(throws: ClientFailure.self) { try await task.value }
            #expect(daemon.targets.first == "/v1/events?after=\(SampleLines.cursor(1))")
        }
        #expect(try printed() == lines[0] + lines[1])
        #expect(
            notes.all == [
                "the daemon is shutting down; waiting for it at \(scratch.socket)",
                "connected to \(scratch.socket) again",
            ])
    }

    @Test func whereNobodyListensAReaderThatDoesNotFollowIsToldSo() async throws {
        let failure = await #expect(throws: ClientFailure.self) { try await tail() }
        #expect(failure?.exitCode == 69)
        #expect(failure?.description.contains(scratch.socket) == true)
    }

    @Test func aCursorThatIsGoneIsAnErrorThatSaysWhatToDo() async throws {
        let problem = #"{"title":"Gone","status":410,"detail":"pruned","oldest":"e:50","head":"e:99"}"#
        try await FakeDaemon.serve(at: scratch.socket, [.json("410 Gone", problem)]) { daemon in
            let failure = await #expect(throws: ClientFailure.self) {
                try await tail(TailRequest(start: .after(SampleLines.cursor(1))))
            }
            #expect(failure?.exitCode == 1)
            let text = failure?.description ?? ""
            for part in [SampleLines.cursor(1).description, "pruned", "e:50", "e:99", "--after oldest"] {
                #expect(text.contains(part), "\(part) is missing in: \(text)")
            }
            #expect(daemon.targets.count == 1)
        }
    }

    @Test func aLineThatIsTooLongIsAnError() async throws {
        let long = [UInt8](repeating: 0x20, count: LineSplitter.maximumLineBytes + 1)
        try await FakeDaemon.serve(at: scratch.socket, [.open([long])]) { _ in
            let failure = await #expect(throws: ClientFailure.self) { try await tail() }
            #expect(failure?.exitCode == 70)
        }
    }

    @Test func aClosedOutputEndsTheCommandWithoutAnErrorAndWithoutMovingTheCursor() async throws {
        var ends: [CInt] = [0, 0]
        try #require(pipe(&ends) == 0)
        close(ends[0])
        try scratch.write("\(SampleLines.cursor(0))\n", to: "cursor")
        let file = CursorFile(path: scratch.path + "/cursor")
        let descriptor = ends[1]
        try await FakeDaemon.serve(at: scratch.socket, [.open(lines)]) { _ in
            try await tail(TailRequest(), cursorFile: file, output: OutputDescriptor(descriptor: descriptor))
        }
        close(descriptor)
        #expect(try file.load() == SampleLines.cursor(0))
    }

    @Test func theCursorFileHasTheLastLineWritten() async throws {
        let file = CursorFile(path: scratch.path + "/cursor")
        try await FakeDaemon.serve(at: scratch.socket, [.broken(Array(lines[..<2]), then: Array("fff".utf8))]) { _ in
            await #expect(throws: ClientFailure.self) { try await tail(cursorFile: file) }
        }
        #expect(try printed() == lines[0] + lines[1])
        #expect(try file.load() == SampleLines.cursor(2))
    }

    @Test func snapshotsAreAskedForUntilTheyHaveAllCome() async throws {
        let first = SampleLines.snapshot("a"), second = SampleLines.snapshot("b")
        let answers: [FakeDaemon.Answer] = [
            .broken([SampleLines.hello(head: 3), first]), .broken([first, second, SampleLines.bookmark(3)]),
            .whole([lines[3]]),
        ]
        try await FakeDaemon.serve(at: scratch.socket, answers) { daemon in
            try await tail(TailRequest(follow: false, snapshot: true), streamLines: .snapshots)
            let fresh = "/v1/events?snapshot=true&follow=false"
            #expect(daemon.targets == [fresh, fresh, "/v1/events?after=\(SampleLines.cursor(3))&follow=false"])
        }
        #expect(try printed() == first + first + second + lines[3])
    }
}
