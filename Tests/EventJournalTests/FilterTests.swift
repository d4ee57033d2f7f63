import CallModel
import EventJournal
import Testing

/// What a reader gets from the journal is what `EventFilter.admits` would have let through.
@Suite struct FilterTests {
    /// SplitMix64 (Steele, Lea, Flood 2014): the same seed gives the same test.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }

        mutating func pick<T>(_ choices: [T]) -> T { choices[Int.random(in: 0..<choices.count, using: &self)] }
    }

    private static let directions: [Direction] = [.inbound, .outbound, .internal, .unknown]
    private static let sources = ["ovh/paris", "ovh/sales", "keyyo/sales", "keyyo/caf\u{E9}", "voipgrid/a/b"]
    private static let words: [String?] = [
        nil, "", "+33199000001", "0199000001", "101", "front", "Front", "caf\u{E9}", "cafe\u{301}", "%", "_", "fr*nt",
    ]

    private static func draft(_ number: Int, _ random: inout Generator) -> EventDraft {
        var draft = Sample.draft(number, type: random.pick(EventType.allCases))
        draft.source = SourceName(random.pick(sources)) ?? Sample.paris
        switch Int.random(in: 0..<6, using: &random) {
        case 0: draft.data = .line(line: "front", words: ProviderWords())
        case 1: draft.data = .source(SourceReport(change: .up, reason: "front"))
        case 2: draft.data = .queueCount(queue: "front", waiting: 3, words: ProviderWords())
        default:
            var call = CallData(
                state: .ringing, direction: random.pick(directions), basis: .reported, provider: ProviderWords())
            call.remote = Party(number: random.pick(words), kind: .unknown)
            if Bool.random(using: &random) {
                call.local = Party(
                    number: random.pick(words), raw: random.pick(words), kind: .unknown, line: random.pick(words))
            }
            draft.data = .call(call)
        }
        return draft
    }

    private static func filter(_ random: inout Generator) -> EventFilter {
        let types: [[String]] = [
            [], [], [], ["*"], ["call.*"], ["call.ended"], ["call.ringing", "source.*"], [".*"], ["call"], ["cal*"],
            ["queue.*", "line.registered", "nothing"], ["source.up", "source.up"],
        ]
        let names = ["paris", "sales", "cafe\u{301}", "b", "a/b", "ovh", "ovh/"]
        let source: [String?] = [nil, nil, nil] + sources + names
        let filter = EventFilter(
            types: random.pick(types), source: random.pick(source), line: random.pick([nil, nil] + words),
            direction: random.pick([nil, nil, nil] + directions.map(Optional.some))
        )
        return Bool.random(using: &random) ? filter : filter.spelled(by: [NumberPlan(country: "FR")])
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func theJournalAdmitsWhatTheFilterAdmits(seed: UInt64) throws {
        var random = Generator(state: seed)
        let files = try TestJournal()
        let journal = try files.open()
        let drafts = (1...250).map { Self.draft($0, &random) }
        let batch = JournalBatch(entries: [.init(delivery: nil, drafts: drafts)], observed: Sample.start)
        #expect(try journal.commit(batch).count == drafts.count)
        var admitted = 0
        for _ in 0..<200 {
            let filter = Self.filter(&random)
            let expected = drafts.indices.filter { filter.admits(drafts[$0]) }.map { Int64($0 + 1) }
            let limit = random.pick([1, 3, 1_000])
            #expect(try journal.all(filter: filter, limit: limit).map(\.seq) == expected, "\(filter)")
            admitted += expected.count
        }
        #expect(admitted > 200)
    }
}
