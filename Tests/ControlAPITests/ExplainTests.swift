import CallModel
import EventJournal
import Replay
import Testing

@testable import ControlAPI

extension ControlAPITests {
    /// `GET /v1/calls/{id}?explain=true`.
    @Suite struct ExplainTests {
        private static let source = SourceName(provider: "keyyo", name: "desk")
        private static let call = "account=33199000021&caller=33639980001&callee=33199000021&callref=a"

        private static func delivery(_ seconds: Int64, _ type: String) -> Delivery {
            Delivery(
                source: source, observed: TestBridge.now.advanced(by: .seconds(seconds - 3_600)), kind: .webhook,
                attributes: ["query": "\(call)&type=\(type)"])
        }

        /// A missed call as the daemon would have told it an hour ago. Its id.
        private func tell(_ bridge: TestBridge) throws -> String {
            var replayer = Replayer()
            var id: String?
            var last: EventDraft?
            let deliveries = [Self.delivery(0, "SETUP"), Self.delivery(1, "SETUP"), Self.delivery(9, "RELEASE")]
            for delivery in deliveries {
                let drafts = replayer.feed(.delivery(delivery))
                id = id ?? drafts.first?.subject
                last = drafts.last ?? last
                try bridge.publish(drafts, delivery: delivery)
            }
            let rest = replayer.finish(after: Self.delivery(9, "").observed)
            let subject = try #require(id)
            let stored = StoredCall(
                id: CallID(rawValue: subject), source: Self.source, state: .ended, direction: .inbound,
                outcome: .missed, started: Self.delivery(0, "").observed, updated: Self.delivery(11, "").observed,
                json: Array(#"{"id":"\#(subject)"}"#.utf8))
            try bridge.publish(rest, calls: [stored])
            return subject
        }

        @Test func stepsRulesAndPlacesAreNamed() async throws {
            try await TestBridge.serve { bridge in
                let id = try tell(bridge)
                let explanation = try await bridge.get("/v1/calls/\(id)?explain=true").json.explanation
                #expect(explanation?.basis?.text == "replayed")
                #expect(explanation?.note == nil)
                let steps = explanation?.steps?.array ?? []
                let rules = steps.map { $0.rules?.array.compactMap { $0.rule?.text } ?? [] }
                // The same words again a second later are a delivery of their own, which says nothing new.
                #expect(rules.first == ["opened", "reached"] && rules.count == 4, "\(rules)")
                #expect(rules.last == ["settled"])
                let seqs = steps.flatMap { $0.events?.array ?? [] }.compactMap { $0.seq?.number }
                #expect(seqs.count >= 3 && seqs == Array(1...Int64(max(1, seqs.count))), "\(seqs)")
            }
        }

        @Test func withoutRawInputTheStoredEventsTell() async throws {
            try await TestBridge.serve { bridge in
                let id = try tell(bridge)
                _ = try bridge.journal.prune(
                    RetentionLimits(events: .days(180), maximumBytes: 1 << 40, raw: .minutes(1)), now: TestBridge.now)
                let answer = try await bridge.get("/v1/calls/\(id)?explain=true").json
                #expect(answer.explanation?.basis?.text == "stored")
                #expect(answer.explanation?.note?.text?.contains("no longer kept") == true)
                #expect(answer.explanation?.steps?.array.isEmpty == true)
                #expect((answer.history?.array.count ?? 0) >= 3)
            }
        }

        /// What is kept is not said to be gone where it only leads elsewhere.
        @Test func whatLeadsToAnotherCallIsKeptAllTheSame() async throws {
            try await TestBridge.serve { bridge in
                let delivery = Self.delivery(0, "SETUP")
                var replayer = Replayer()
                var other = try #require(replayer.feed(.delivery(delivery)).first)
                other.subject = "c0123456789abcdef0123"
                let stored = StoredCall(
                    id: CallID(rawValue: other.subject), source: Self.source, state: .ringing, direction: .inbound,
                    outcome: nil, started: delivery.observed, updated: delivery.observed, json: Array("{}".utf8))
                try bridge.publish([other], delivery: delivery, calls: [stored])
                let explanation = try await bridge.get("/v1/calls/\(other.subject)?explain=true").json.explanation
                #expect(explanation?.basis?.text == "stored")
                let note = explanation?.note?.text ?? ""
                #expect(note.contains("is kept") && !note.contains("no longer"), "\(note)")
            }
        }

        @Test func whatOtherRulesToldStaysVisible() async throws {
            try await TestBridge.serve { bridge in
                let id = try tell(bridge)
                var confirmed = TestBridge.draft(1, .callUpdated)
                confirmed.subject = id
                confirmed.observed = Self.delivery(3, "").observed
                try bridge.publish([confirmed])
                let explanation = try await bridge.get("/v1/calls/\(id)?explain=true").json.explanation
                #expect(explanation?.note?.text?.contains("started again") == true)
                let events = (explanation?.steps?.array ?? []).flatMap { $0.events?.array ?? [] }
                #expect(events.contains { $0.id?.text == "event-1" && $0.seq != nil })
            }
        }

        @Test func readersHaveVerdicts() async throws {
            try await TestBridge.serve { bridge in
                let id = try tell(bridge)
                let before = Self.delivery(-60, "").observed
                let reader = ReaderSession(
                    id: "r-1", socket: "/run/events.sock", uid: 1_000, pid: 7, token: nil, numbers: "masked",
                    filter: EventFilter(), since: before, until: Self.delivery(5, "").observed, after: 0, through: 1,
                    left: .slow)
                try bridge.journal.record([reader], now: TestBridge.now)
                let readers = try await bridge.get("/v1/calls/\(id)?explain=true").json.explanation?.readers?.array
                #expect(readers?.count == 1)
                #expect(readers?.first?.left?.text == "slow")
                let verdict = readers?.first?.verdict?.text ?? ""
                #expect(verdict.hasPrefix("sent 1 of "), "\(verdict)")
                #expect(verdict.contains("cut off at ") && verdict.contains("call.summary"), "\(verdict)")
            }
        }
    }

    @Suite struct ReaderAccountTests {
        private func verdict(
            after: Int64 = 0, through: Int64 = 9, until: Bool = false, left: ReaderSession.Leaving? = nil,
            wanted: Set<String> = ["call.ringing", "call.connected", "call.ended"], filter: EventFilter = EventFilter()
        ) -> String {
            let reader = ReaderSession(
                id: "r", socket: "s", uid: nil, pid: nil, token: nil, numbers: "clear", filter: filter,
                since: TestBridge.now, until: until ? TestBridge.now.advanced(by: .seconds(5)) : nil, after: after,
                through: through, left: left)
            let lines = ["call.ringing", "call.connected", "call.ended"].enumerated().map { index, type in
                ReaderAccount.Line(seq: Int64(index) + 4, type: type, isWanted: wanted.contains(type))
            }
            return ReaderAccount(reader, lines).verdict
        }

        @Test func whoGotAll() { #expect(verdict() == "sent all 3 events") }

        @Test func whoDidNotWantIt() {
            let filter = EventFilter(types: ["call.summary"])
            #expect(verdict(wanted: [], filter: filter).contains("its filter excludes this call (types=call.summary)"))
            let some = verdict(wanted: ["call.ended"], filter: filter)
            #expect(some.contains("sent 1 of 3 events; its filter excludes call.ringing, call.connected"), "\(some)")
        }

        @Test func whoCameTooLate() {
            let text = verdict(after: 4)
            #expect(
                text.hasPrefix("sent 2 of 3") && text.contains("it connected at 2026-11-21T09:30:00.000Z"), "\(text)")
            #expect(text.contains("after call.ringing, and did not ask"), "\(text)")
        }

        @Test(arguments: [
            (ReaderSession.Leaving.slow, "too slowly"), (.shutdown, "the daemon stopped"),
            (.disconnected, "disconnected"),
            (.reconfigured, "taken away"), (.tooMany, "too many"), (.finished, "asked for"),
        ])
        func whoHadGone(_ left: ReaderSession.Leaving, _ words: String) {
            let text = verdict(through: 3, until: true, left: left)
            #expect(text.hasPrefix("not sent; ") && text.contains(words), "\(text)")
        }

        @Test func whoIsBehind() { #expect(verdict(through: 5).contains("has not been handed yet call.ended")) }
        @Test func whoseEndIsNotKnown() { #expect(verdict(through: 5, until: true).contains("last seen at")) }
    }
}
