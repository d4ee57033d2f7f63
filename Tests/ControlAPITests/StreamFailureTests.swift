import CallModel
import ControlAPI
import EventJournal
import Fanout
import NIOCore
import Testing

extension ControlAPITests {
    @Suite
    struct StreamFailureTests {
        /// Keeps the events from `first` on.
        private func prune(_ bridge: TestBridge, keepingFrom first: Int64) throws {
            let limits = RetentionLimits(events: .seconds(100), maximumBytes: 1 << 40, raw: .days(1))
            let now = TestBridge.now.advanced(by: .milliseconds(first + 100_000))
            while try bridge.journal.prune(limits, now: now).moreLeft {}
            #expect(bridge.journal.oldest == first)
        }

        @Test
        func aCursorThatCannotBeResumedIsGone() async throws {
            try await TestBridge.serve { bridge in
                try bridge.publish(1...20)
                try prune(bridge, keepingFrom: 11)
                for cursor in [bridge.cursor(9), bridge.cursor(0), "0000000000000000:15", bridge.cursor(21)] {
                    for request in ["?after=\(cursor)", "?after=\(cursor)&follow=false&types=call.*"] {
                        let answer = try await bridge.request("GET /v1/events\(request) HTTP/1.1\r\nHost: x\r\n\r\n")
                        #expect(answer.status == 410)
                        #expect(answer.client.header("content-type") == "application/problem+json")
                        #expect(answer.json.type?.text == "urn:ctibridge:problem:cursor-gone")
                        #expect(answer.json.oldest?.text == bridge.cursor(10))
                        #expect(answer.json.head?.text == bridge.cursor(20))
                    }
                }
                // What the problem offers works: after the last event that was pruned, nothing is missing.
                var client = try await bridge.stream("?after=\(bridge.cursor(10))")
                #expect(try await client.readEvent()?.data?.oldest?.number == 11)
                #expect(try await client.readEvent()?.seq?.number == 11)
                var oldest = try await bridge.stream("?after=oldest")
                _ = try await oldest.readEvent()
                #expect(try await oldest.readEvent()?.seq?.number == 11)
            }
        }

        @Test(arguments: [
            ("after=nonsense", "after"), ("after=x:1", "after"), ("after=0F:1", "after"), ("after=ab:%2B1", "after"),
            ("after=abc:-1", "after"), ("after=", "after"), ("since=yesterday", "since"),
            ("since=5w", "since"), ("since=99999999d", "since"), ("after=oldest&since=1h", "since"),
            ("types=call.rung", "types"), ("types=call.ended,", "types"), ("direction=sideways", "direction"),
            ("follow=perhaps", "follow"), ("snapshot=2", "snapshot"), ("snapshot=true&after=oldest", "snapshot"),
            ("after=oldest&after=oldest", "after"), ("filter=x", "filter"), ("line=%zz", "line"), ("line=%ff", "line"),
            ("after", "after"), ("source=nowhere", "source"), ("source=ovh/sales", "source"),
            ("source=Sales&follow=false", "source"), ("source=ctibridge", "source"),
        ])
        func aBadParameterIsNamed(query: String, parameter: String) async throws {
            try await TestBridge.serve { bridge in
                let answer = try await bridge.get("/v1/events?\(query)")
                #expect(answer.status == 400)
                #expect(answer.json.type?.text == "urn:ctibridge:problem:invalid-parameter")
                #expect(answer.json.parameter?.text == parameter)
                #expect(answer.json.detail?.text?.isEmpty == false)
            }
        }

        @Test
        func allowedValuesAreListed() async throws {
            try await TestBridge.serve { bridge in
                let direction = try await bridge.get("/v1/events?direction=up").json
                #expect(direction.allowed?.array.compactMap(\.text) == ["inbound", "outbound", "internal", "unknown"])
                let types = try await bridge.get("/v1/events?types=x").json
                #expect(types.allowed?.array.contains(.text("call.ended")) == true)
                let source = try await bridge.get("/v1/events?source=sale").json
                #expect(source.allowed?.array.compactMap(\.text) == ["voipgrid/sales", "orange/legacy"])
            }
        }

        /// 3 MB are published past a reader that reads nothing; what the kernel has not taken is in the journal.
        @Test
        func aSlowReaderIsNotCutForLag() async throws {
            try await TestBridge.serve(hub: HubLimits(lines: 8)) { bridge in
                var client = try await bridge.stream()
                #expect(try await client.readEvent()?.type?.text == "stream.hello")
                #expect(try await client.readEvent()?.type?.text == "stream.live")
                try await client.setReading(false)
                for block in 0..<30 {
                    try bridge.publish((0..<20).map { TestBridge.draft(block * 20 + $0 + 1, padding: 5_000) })
                    await Task.yield()
                }
                try await client.setReading(true)
                for seq in Int64(1)...600 { try #require(try await client.readSeq() == seq) }
            }
        }

        @Test
        func aReaderThatTakesNothingIsClosed() async throws {
            try await TestBridge.serve(api: { $0.stallTimeout = .milliseconds(200) }) { bridge in
                var client = try await bridge.stream()
                _ = try await client.readEvent()
                try await client.setReading(false)
                for block in 0..<30 {
                    try bridge.publish((0..<100).map { TestBridge.draft(block * 100 + $0 + 1, padding: 500) })
                }
                // It is gone without having been read from.
                while bridge.hub.subscribers.count > 0 { await Task.yield() }
                try? await client.setReading(true)
                while try await client.readStreamLine() != nil {}
                #expect(!client.isComplete)
            }
        }

        @Test
        func aReaderWhoseEventsArePrunedIsTold() async throws {
            try await TestBridge.serve(hub: HubLimits(lines: 8)) { bridge in
                var client = try await bridge.stream("?after=oldest")
                _ = try await client.readEvent()
                _ = try await client.readEvent()
                try await client.setReading(false)
                for block in 0..<40 {
                    try bridge.publish((0..<100).map { TestBridge.draft(block * 100 + $0 + 1, padding: 500) })
                }
                try prune(bridge, keepingFrom: 3_900)
                try await client.setReading(true)
                var last: Int64 = 0
                var line = try #require(try await client.readStreamLine())
                while line.contains("\"seq\":\(last + 1),") {
                    last += 1
                    line = try #require(try await client.readStreamLine())
                }
                let event = try JSON(line)
                #expect(event.type?.text == "stream.gap")
                #expect(event.data?.from?.number == last + 1)
                #expect(event.data?.to?.number == 3_899)
                let bye = try await client.readEvent()
                #expect(bye?.type?.text == "stream.bye")
                #expect(bye?.data?.cursor?.text == bridge.cursor(3_899))
                #expect(try await client.readLine() == nil)
                #expect(client.isComplete)
            }
        }

        /// A reader that is stuck must not hold up the stop.
        @Test
        func aStopDoesNotWaitForAReaderThatDoesNotRead() async throws {
            let clock = ContinuousClock()
            var stopped = clock.now
            try await TestBridge.serve(api: { $0.stopBudget = .milliseconds(300) }) { bridge in
                var client = try await bridge.stream()
                _ = try await client.readEvent()
                try await client.setReading(false)
                for block in 0..<30 {
                    try bridge.publish((0..<100).map { TestBridge.draft(block * 100 + $0 + 1, padding: 500) })
                }
                stopped = clock.now
            }
            #expect(clock.now - stopped < .seconds(30))
        }

        @Test
        func thereIsABoundOnStreamsAndWhatIsLeftStillAnswers() async throws {
            try await TestBridge.serve(api: { $0.maximumStreams = 2 }) { bridge in
                let first = try await bridge.stream()
                _ = try await bridge.stream()
                #expect(try await bridge.get("/v1/events").status == 503)
                #expect(try await bridge.get("/v1/calls").status == 200)
                await first.close()
                var status = 503
                while status != 200 {
                    var client = try await TestClient.connect(unix: bridge.socket)
                    try await client.get("/v1/events")
                    status = try await client.readHead()
                }
            }
        }

        @Test
        func aReaderIsListedWhileItReads() async throws {
            try await TestBridge.serve { bridge in
                try bridge.publish(1...3)
                var client = try await bridge.stream("?after=oldest")
                for _ in 0..<5 { _ = try await client.readEvent() }
                var subscriber = try await bridge.get("/v1/subscribers").json.subscribers?.array.first
                // The list is brought up to date after the lines are handed over.
                while subscriber?.sent_lines?.number != 5 {
                    subscriber = try await bridge.get("/v1/subscribers").json.subscribers?.array.first
                }
                #expect(subscriber?.socket?.text == bridge.socket)
                #expect(subscriber?.cursor?.text == bridge.cursor(3))
                #expect(subscriber?.lag?.number == 0)
                #expect(subscriber?.pid?.number.map { $0 > 0 } == true)
                await client.close()
                while bridge.hub.subscribers.count > 0 { await Task.yield() }
            }
        }
    }
}
