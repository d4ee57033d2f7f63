import CallModel
import ControlAPI
import EventJournal
import Fanout
import NIOCore
import StreamSchema
import Testing

extension ControlAPITests {
    @Suite
    struct StreamTests {
        @Test
        func aReaderWithoutWishesGetsHelloThenWhatComes() async throws {
            try await TestBridge.serve { bridge in
                try bridge.publish(1...3)
                var client = try await bridge.stream()
                #expect(client.header("content-type") == "application/x-ndjson")
                let hello = try await client.readEvent()
                #expect(hello?.type?.text == "stream.hello")
                #expect(hello?.data?.oldest?.number == 1)
                #expect(hello?.data?.head?.number == 3)
                #expect(hello?.data?.version?.text == "9.9.9")
                let live = try await client.readEvent()
                #expect(live?.type?.text == "stream.live")
                #expect(live?.data?.cursor?.text == bridge.cursor(3))
                try bridge.publish(4...5)
                #expect(try await client.readEvent()?.seq?.number == 4)
                #expect(try await client.readEvent()?.seq?.number == 5)
            }
        }

        /// The ring holds 8 lines while up to 5 come at a time: readers go back and forth between journal and ring.
        @Test
        func replayJoinsLiveWithoutHoleOrRepeat() async throws {
            let total = 1_000
            try await TestBridge.serve(hub: HubLimits(lines: 8)) { bridge in
                try bridge.publish(1...300)
                let readers = [
                    ("?after=oldest", Int64(1)), ("?after=\(bridge.cursor(250))", 251), ("", 301), ("?since=1h", 1),
                    ("?after=oldest&types=call.ended", 2), ("?after=oldest&direction=outbound", 1),
                ]
                try await withThrowingTaskGroup { group in
                    for (query, first) in readers {
                        var client = try await bridge.stream(query)
                        // Only once it is known where it begins may more come.
                        _ = try await client.readEvent()
                        let reader = client
                        group.addTask { try await Self.expectRun(reader, query, from: first, to: Int64(total)) }
                    }
                    group.addTask {
                        var next = 301
                        while next <= total {
                            let last = min(next + (next % 5), total)
                            let numbers = next...last
                            try bridge.publish(
                                numbers.map { TestBridge.draft($0, $0.isMultiple(of: 10) ? .callEnded : .callRinging) }
                            )
                            next = last + 1
                            if next % 7 == 0 { await Task.yield() }
                        }
                    }
                    try await group.waitForAll()
                }
            }
        }

        private static func expectRun(_ client: TestClient, _ query: String, from: Int64, to: Int64) async throws {
            var client = client
            var expected = from
            let wanted: (Int64) -> Bool
            if query.contains("types") {
                wanted = { $0 > 300 && $0 % 10 == 0 }
            } else if query.contains("outbound") {
                return
            } else {
                wanted = { _ in true }
            }
            while !wanted(expected) { expected += 1 }
            while expected <= to {
                let seq = try #require(try await client.readSeq(), "\(query) ended before \(expected)")
                try #require(seq == expected, "\(query)")
                repeat { expected += 1 } while !wanted(expected)
            }
        }

        @Test(arguments: [
            ("types=call.ended", [2]), ("types=call.ended,call.queued", [2, 3]), ("types=call.*", [1, 2, 3, 4, 5]),
            ("source=sales", [4]), ("source=voipgrid/sales", [4]), ("line=line9", [5]), ("direction=outbound", [3]),
            ("line=%2B33199000001&direction=inbound", [1, 2, 4, 5]),
            ("line=0033%20199000001&direction=inbound", [1, 2, 4, 5]), ("line=33199000001", [1, 2, 3, 4, 5]),
            // In Spain, that is nobody here.
            ("line=0199000001&types=call.ended", []),
        ])
        func aFilterHoldsInReplayAndLive(query: String, expected: [Int64]) async throws {
            func drafts(_ base: Int) -> [EventDraft] {
                [
                    TestBridge.draft(base + 1), TestBridge.draft(base + 2, .callEnded),
                    TestBridge.draft(base + 3, .callQueued, direction: .outbound),
                    TestBridge.draft(base + 4, source: "voipgrid/sales"), TestBridge.draft(base + 5, line: "line9"),
                ]
            }
            // What the ring has, and what only the journal has, must be filtered alike.
            for lines in [1, 100] {
                try await TestBridge.serve(hub: HubLimits(lines: lines)) { bridge in
                    try bridge.publish(drafts(0))
                    var client = try await bridge.stream("?after=oldest&\(query)")
                    var seen: [Int64] = []
                    while let event = try await client.readEvent(), event.type?.text != "stream.live" {
                        if let seq = event.seq?.number { seen.append(seq) }
                    }
                    #expect(seen == expected)
                    try bridge.publish(drafts(5))
                    try bridge.publish([TestBridge.draft(99, .callEnded, source: "voipgrid/sales", line: "line9")])
                    for seq in expected {
                        #expect(try await client.readEvent()?.seq?.number == seq + 5)
                    }
                }
            }
        }

        @Test
        func withoutFollowItEndsAtTheHead() async throws {
            try await TestBridge.serve(hub: HubLimits(lines: 2)) { bridge in
                try bridge.publish(1...300)
                var client = try await bridge.stream("?after=\(bridge.cursor(10))&follow=false")
                #expect(try await client.readEvent()?.type?.text == "stream.hello")
                for seq in Int64(11)...300 { #expect(try await client.readSeq() == seq) }
                let last = try await client.readEvent()
                #expect(last?.type?.text == "stream.bookmark")
                #expect(last?.data?.cursor?.text == bridge.cursor(300))
                #expect(try await client.readLine() == nil)
                #expect(client.isComplete)
            }
        }

        @Test
        func withoutFollowAnEmptyJournalEndsAtOnce() async throws {
            try await TestBridge.serve { bridge in
                var client = try await bridge.stream("?after=oldest&follow=false")
                #expect(try await client.readEvent()?.type?.text == "stream.hello")
                #expect(try await client.readEvent()?.data?.cursor?.text == bridge.cursor(0))
                #expect(try await client.readLine() == nil)
            }
        }

        @Test
        func aSnapshotComesBeforeWhatFollowsIt() async throws {
            try await TestBridge.serve { bridge in
                try bridge.publish(1...2)
                var client = try await bridge.stream("?snapshot=true")
                #expect(try await client.readEvent()?.type?.text == "stream.hello")
                for subject in ["call-1", "call-2"] {
                    let snapshot = try await client.readEvent()
                    #expect(snapshot?.type?.text == "stream.snapshot")
                    #expect(snapshot?.subject?.text == subject)
                    #expect(snapshot?.data?.source?.text == "ovh/paris")
                }
                #expect(try await client.readEvent()?.data?.cursor?.text == bridge.cursor(2))
                try bridge.publish(3...3)
                #expect(try await client.readEvent()?.seq?.number == 3)
            }
        }

        /// "Which calls are live?", asked once: nothing is announced as live to a reader that ends.
        @Test
        func aSnapshotWithoutFollowEndsWithABookmark() async throws {
            try await TestBridge.serve { bridge in
                try bridge.publish(1...2)
                var client = try await bridge.stream("?snapshot=true&follow=false")
                var types: [String] = []
                var last: JSON?
                while let event = try await client.readEvent() {
                    types.append(event.type?.text ?? "")
                    last = event
                }
                #expect(types == ["stream.hello", "stream.snapshot", "stream.snapshot", "stream.bookmark"])
                #expect(last?.data?.cursor?.text == bridge.cursor(2))
                #expect(client.isComplete)
            }
        }

        /// The events of a source that is no longer configured can be read as long as they are kept.
        @Test(arguments: ["source=paris", "source=ovh/paris"])
        func aSourceThatIsGoneFromTheConfigurationIsStillReplayed(query: String) async throws {
            try await TestBridge.serve { bridge in
                try bridge.publish((1...5_000).map { TestBridge.draft($0, source: "voipgrid/sales") })
                #expect(try await bridge.get("/v1/events?\(query)").status == 400)
                try bridge.publish([TestBridge.draft(5_001)])
                var client = try await bridge.stream("?after=oldest&follow=false&\(query)")
                #expect(try await client.readSeq() == 5_001)
            }
        }

        /// Configured, and nothing has come from it yet.
        @Test
        func aQuietSourceIsWaitedFor() async throws {
            try await TestBridge.serve { bridge in
                var client = try await bridge.stream("?source=legacy")
                for _ in 0..<2 { _ = try await client.readEvent() }
                try bridge.publish([TestBridge.draft(1), TestBridge.draft(2, source: "orange/legacy")])
                #expect(try await client.readSeq() == 2)
            }
        }

        @Test
        func sinceBeginsAtTheFirstEventObservedThen() async throws {
            try await TestBridge.serve { bridge in
                try bridge.publish(1...50)
                let wishes = [("2026-11-21T09:30:00.040Z", Int64(40)), ("2026-11-21T10:30:00.011+01:00", 11)]
                for (since, first) in wishes {
                    var client = try await bridge.stream("?since=\(since)&follow=false")
                    _ = try await client.readEvent()
                    #expect(try await client.readEvent()?.seq?.number == first)
                }
                var future = try await bridge.stream("?since=2027-01-01T00:00:00Z&follow=false")
                _ = try await future.readEvent()
                #expect(try await future.readEvent()?.type?.text == "stream.bookmark")
            }
        }

        @Test
        func serverSentEventsCarryTheCursorAndResumeFromIt() async throws {
            try await TestBridge.serve { bridge in
                try bridge.publish(1...3)
                var client = try await bridge.stream(
                    "?after=\(bridge.cursor(1))", headers: "Accept: text/event-stream\r\n"
                )
                #expect(client.header("content-type") == "text/event-stream")
                #expect(try await client.readLine() == "id: \(bridge.cursor(1))")
                #expect(try await client.readLine() == "event: stream.hello")
                let data = try await client.readLine() ?? ""
                #expect(data.hasPrefix("data: {\"specversion\""))
                #expect(StreamSchema.events.violations(in: Array((data.dropFirst(6) + "\n").utf8)) == [])
                #expect(try await client.readLine() == "")
                #expect(try await client.readLine() == "id: \(bridge.cursor(2))")
                #expect(try await client.readLine() == "event: call.ringing")
                await client.close()

                // A browser repeats its URL and adds what it has: that wins.
                var again = try await bridge.stream(
                    "?snapshot=true",
                    headers: "Accept: text/html, text/event-stream;q=0.9\r\nLast-Event-ID: \(bridge.cursor(2))\r\n"
                )
                #expect(try await again.readLine() == "id: \(bridge.cursor(2))")
                for _ in 0..<3 { _ = try await again.readLine() }
                #expect(try await again.readLine() == "id: \(bridge.cursor(3))")
            }
        }

        @Test
        func aSnapshotCutShortIsNotResumedFromItsMiddle() async throws {
            try await TestBridge.serve { bridge in
                try bridge.publish(1...1)
                var client = try await bridge.stream("?snapshot=1", headers: "Accept: text/event-stream\r\n")
                var ids: [String] = []
                while let line = try await client.readLine(), line != "event: stream.live" {
                    if line.hasPrefix("id:") { ids.append(line) }
                }
                #expect(ids == ["id: \(bridge.cursor(1))"])
            }
        }

        @Test(arguments: ["", "?types=call.ended&after=oldest"])
        func bookmarksComeWhileNothingElseDoes(query: String) async throws {
            try await TestBridge.serve(
                hub: HubLimits(lines: 4), api: { $0.bookmarkInterval = .milliseconds(20) }
            ) { bridge in
                try bridge.publish(1...20)
                var client = try await bridge.stream(query)
                var bookmarks = 0
                while bookmarks < 3, let event = try await client.readEvent() {
                    #expect(event.seq == nil)
                    guard event.type?.text == "stream.bookmark" else { continue }
                    // The first may come before all has been looked at; it says how far that is.
                    if event.data?.cursor?.text == bridge.cursor(20) { bookmarks += 1 }
                }
                #expect(bookmarks == 3)
            }
        }

        @Test
        func aStopSendsWhatIsThereAndGoodBye() async throws {
            try await TestBridge.serve(api: { $0.stopBudget = .seconds(30) }) { bridge in
                try bridge.publish(1...2)
                var client = try await bridge.stream("?after=oldest")
                for _ in 0..<4 { _ = try await client.readEvent() }
                try bridge.publish(3...3)
                bridge.service.stop()
                #expect(try await client.readEvent()?.seq?.number == 3)
                let bye = try await client.readEvent()
                #expect(bye?.type?.text == "stream.bye")
                #expect(bye?.data?.reason?.text == "shutdown")
                #expect(bye?.data?.cursor?.text == bridge.cursor(3))
                #expect(try await client.readLine() == nil)
                #expect(client.isComplete)
                await #expect(throws: (any Error).self) { try await TestClient.connect(unix: bridge.socket) }
            }
        }
    }
}
