import CallModel
import Testing

/// Calls of one line, queue and account go on at once, and their deliveries come interleaved in any way.
struct InterleavingTests {
    /// SplitMix64: small, and the same everywhere, so that a failure names a seed that fails again.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }

    @Test(arguments: 0..<24)
    func everyCallIsWhatItWouldBeAlone(_ seed: Int) {
        var generator = Generator(state: UInt64(seed))
        var scripts = (0..<30).map { Self.script(number: $0, &generator) }
        // Every delivery gets its arrival time in the common order, and keeps it alone.
        var together: [Delivery] = []
        var alone: [[Delivery]] = scripts.map { _ in [] }
        var now = Fixture.start
        while let index = scripts.indices.filter({ !scripts[$0].isEmpty }).randomElement(using: &generator) {
            var delivery = scripts[index].removeFirst()
            now = now.advanced(by: .milliseconds(Int64.random(in: 0...300, using: &generator)))
            delivery.observed = now
            together.append(delivery)
            alone[index].append(delivery)
        }
        let summaries = Bench.run(together).summaries
        #expect(summaries == alone.flatMap { Bench.run($0).summaries }.sorted())
        #expect(summaries.count >= 30)
    }

    /// One call as its provider would tell it, with arrival times still to be given.
    private static func script(number: Int, _ generator: inout Generator) -> [Delivery] {
        let caller = "063998\(1_000 + number)"
        let words: [String] =
            [
                ["start", "connect", "end"], ["start", "end"], ["start", "connect"], ["connect", "end"],
                ["end", "start"],
            ]
            .randomElement(using: &generator)!
        return script(kind: number, "\(number)", caller: caller, words)
    }

    private static let kinds = 6

    /// Two calls of one kind on one line, their deliveries in every order that keeps each call's own.
    @Test(arguments: 0..<kinds)
    func twoCallsInEveryInterleaving(_ kind: Int) {
        let words = [["start", "connect", "end"], ["start", "end"]]
        let scripts = words.enumerated().map { index, words in
            Self.script(kind: kind, "\(index)", caller: "063998100\(index)", words)
        }
        for mask in 0..<(1 << 5) where (0..<5).count(where: { mask & (1 << $0) != 0 }) == 3 {
            var left = scripts
            var together: [Delivery] = []
            var alone: [[Delivery]] = [[], []]
            for place in 0..<5 {
                let index = mask & (1 << place) != 0 ? 0 : 1
                var delivery = left[index].removeFirst()
                delivery.observed = Fixture.start.advanced(by: .milliseconds(Int64(place) * 700))
                together.append(delivery)
                alone[index].append(delivery)
            }
            let summaries = Bench.run(together).summaries
            #expect(summaries == alone.flatMap { Bench.run($0).summaries }.sorted())
            #expect(summaries.count == 2)
        }
    }

    private static func script(kind: Int, _ number: String, caller: String, _ words: [String]) -> [Delivery] {
        switch kind % kinds {
        case 0:
            let event = ["start": "start_ringing", "connect": "start_calling", "end": "end_calling"]
            return words.map { ovh(service: "sip", event[$0]!, ["CallId": "call-\(number)", "Calling": caller]) }
        case 1:
            let action = ["start": "member-queue-start", "connect": "bridge-agent-start", "end": "member-queue-end"]
            return words.map {
                ovh(
                    service: "queues", action[$0]!,
                    [
                        "Action": action[$0]!, "QueueMemberUUID": "member-\(number)", "QueueMemberCIDNumber": caller,
                        "QueueAgent": "agent_0033199000001_123",
                        "QueueCause": words.contains("connect") ? "Terminated" : "Cancel",
                    ])
            }
        case 2:
            let type = ["start": "SETUP", "connect": "CONNECT", "end": "RELEASE"]
            return words.map { keyyo("type=\(type[$0]!)&callref=call-\(number)&caller=33\(caller.dropFirst())") }
        case 3:
            let status = [
                "start": "SENT", "connect": "ESTABLISHED", "end": words.contains("connect") ? "ENDED" : "ERROR",
            ]
            return words.map { sfr(call: "30020\(number)", to: "+33\(caller.dropFirst())", status[$0]!) }
        case 4:
            let status = ["start": "ringing", "connect": "in-progress", "end": "ended"]
            return words.map { voipgrid(call: "58f1-\(number)", caller: "+33\(caller.dropFirst())", status[$0]!) }
        default:
            // Without ids: known by its parties alone.
            let type = ["start": "SETUP", "connect": "CONNECT", "end": "RELEASE"]
            return words.map { keyyo("type=\(type[$0]!)&caller=33\(caller.dropFirst())") }
        }
    }

    private static func sfr(call: String, to: String, _ status: String) -> Delivery {
        let body = """
            <status_report username="1234"><call to="\(to)" status="\(status)" call_id="\(call)">\
            <status type="\(status)"/></call></status_report>
            """
        return Delivery(
            source: SourceName(provider: "sfr-dmc", name: "campaigns"), observed: Fixture.start, kind: .webhook,
            body: Array(body.utf8))
    }

    private static func voipgrid(call: String, caller: String, _ status: String) -> Delivery {
        var json = JSONWriter()
        json.object {
            $0.field("call_id", call)
            $0.field("status", status)
            $0.field("direction", "inbound")
            $0.object("caller") { $0.field("number", caller) }
            $0.object("destination") { $0.field("number", "+33199000051") }
        }
        return Delivery(
            source: SourceName(provider: "voipgrid", name: "sales"), observed: Fixture.start, kind: .webhook,
            body: json.bytes)
    }

    private static func ovh(service: String, _ event: String, _ data: [String: String]) -> Delivery {
        var json = JSONWriter()
        json.object {
            $0.field("Event", event)
            $0.field("Service", service)
            $0.field("Ressource", "0033199000001")
            $0.object("Data") {
                $0.field("Called", "0033199000001")
                for (name, value) in data.sorted(by: { $0.key < $1.key }) { $0.field(named: name, value) }
            }
        }
        return Delivery(
            source: SourceName(provider: "ovh", name: "paris"), observed: Fixture.start, kind: .poll, body: json.bytes)
    }

    private static func keyyo(_ query: String) -> Delivery {
        Delivery(
            source: SourceName(provider: "keyyo", name: "front-desk"), observed: Fixture.start, kind: .webhook,
            attributes: ["query": "account=33199000031&callee=33199000031&" + query])
    }
}
