import CallModel

/// Writes one story: what happens, and what the providers send of it.
struct StoryBuilder {
    var random: SeededGenerator
    let site: Site
    /// The number of the story, which makes its ids and outside numbers its own.
    let index: Int
    /// When it begins, in ms.
    let begin: Int64
    var calls: [TrueCall] = []
    var sent: [Sent] = []

    /// `which` of the story's two outside numbers.
    func outside(_ which: Int = 0) -> String { Site.outside(index * 2 + which) }

    /// Half of all calls are on a few busy lines, so that many are parallel.
    mutating func line(_ block: Site.Block) -> String {
        Site.line(block, random.happens(50) ? random.number(1...4) : random.number(5...60))
    }

    /// Lines of one block that differ.
    mutating func lines(_ block: Site.Block, _ count: Int) -> [String] {
        var lines: [String] = []
        while lines.count < count {
            let next = line(block)
            if !lines.contains(next) { lines.append(next) }
        }
        return lines
    }

    /// In ms, between two numbers of seconds.
    mutating func span(_ seconds: ClosedRange<Int64>) -> Int64 {
        random.number(seconds.lowerBound * 1_000...seconds.upperBound * 1_000)
    }

    /// How long people talk: mostly a minute or two, sometimes longer than an ended call is remembered, rarely longer
    /// than any deadline.
    mutating func talkSpan() -> Int64 {
        switch random.number(0...599) {
        case 0: 13 * 3_600_000
        case 1...9: span(601...3_600)
        default: span(2...150)
        }
    }

    /// How long a telephone rings before it is answered: rarely longer than any deadline.
    mutating func ringSpan() -> Int64 { random.number(0...49) == 0 ? span(185...600) : span(1...40) }

    mutating func add(_ call: TrueCall) -> Int {
        calls.append(call)
        return calls.count - 1
    }

    mutating func send(
        _ payload: Sent.Payload, _ source: SourceName, at: Int64, _ tells: [(Int, Meaning)], latest: Int64,
        repeatedWithin: Int64 = 30_000, canBeLost: Bool = true
    ) {
        sent.append(
            Sent(
                at: at, source: source, payload: payload, tells: tells.map { (call: $0.0, meaning: $0.1) },
                latest: latest, repeatedWithin: repeatedWithin, canBeLost: canBeLost))
    }

    func story(_ kind: String) -> Story { Story(kind: kind, calls: calls, sent: sent) }
}
