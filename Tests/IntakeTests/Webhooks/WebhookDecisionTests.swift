import CallModel
import Providers
import Testing

@testable import Intake

@Suite("Decisions without sockets")
struct WebhookDecisionTests {
    /// The limit as the listener uses it, with addresses as text and times in milliseconds.
    private final class Door {
        private var limit = StrangerLimit()

        func admits(_ address: String, at milliseconds: Int64) -> Bool {
            limit.admits(IPAddress(address), now: Timestamp(milliseconds: milliseconds))
        }
    }

    @Test("strangers have a burst, then one failure each interval, each address for itself")
    func strangerBudget() {
        let door = Door()
        let first = "198.51.100.1"
        for _ in 0..<StrangerLimit.burst { #expect(door.admits(first, at: 1_000_000)) }
        #expect(!door.admits(first, at: 1_000_000))
        #expect(door.admits("198.51.100.2", at: 1_000_000))
        #expect(!door.admits(first, at: 1_002_999))
        #expect(door.admits(first, at: 1_003_000))
        #expect(!door.admits(first, at: 1_003_000))
        for _ in 0..<StrangerLimit.burst { #expect(door.admits(first, at: 5_000_000)) }
    }

    @Test("a clock that is set back does not lock anybody out for longer than a burst")
    func strangerClock() {
        let door = Door()
        for _ in 0..<StrangerLimit.burst { _ = door.admits("198.51.100.1", at: 1_000_000_000) }
        #expect(!door.admits("198.51.100.1", at: 1_000))
        #expect(door.admits("198.51.100.1", at: 61_000))
    }

    @Test("one IPv6 customer is one address, and a flood of addresses shares one account")
    func strangerTable() {
        let door = Door()
        for index in 0..<StrangerLimit.burst { #expect(door.admits("2001:db8::\(index)", at: 0)) }
        #expect(!door.admits("2001:db8::ffff", at: 0))
        let admitted = (0..<5_000).filter { door.admits("10.0.\($0 / 256).\($0 % 256)", at: 0) }
        #expect(admitted.count == StrangerLimit.capacity - 1 + StrangerLimit.burst)
        // What was forgotten makes room.
        #expect(door.admits("192.0.2.1", at: 3_600_000))
    }

    @Test(
        "the client behind proxies",
        arguments: [
            ("1.2.3.4", [], "1.2.3.4"),
            ("1.2.3.4", ["9.9.9.9"], "1.2.3.4"),
            ("10.0.0.1", [], "10.0.0.1"),
            ("10.0.0.1", ["9.9.9.9"], "9.9.9.9"),
            ("::ffff:10.0.0.1", ["::ffff:9.9.9.9"], "9.9.9.9"),
            ("10.0.0.1", ["8.8.8.8, 9.9.9.9"], "9.9.9.9"),
            ("10.0.0.1", ["9.9.9.9", "10.0.0.2"], "9.9.9.9"),
            ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
            ("10.0.0.1", ["9.9.9.9:4711"], "9.9.9.9"),
            ("10.0.0.1", ["[2001:db8::1]:4711"], "2001:db8::1"),
            ("10.0.0.1", ["\t2001:db8::1 "], "2001:db8::1"),
            ("10.0.0.1", ["unknown"], nil),
            ("10.0.0.1", ["9.9.9.9,"], nil),
            ("10.0.0.1", [""], nil),
        ] as [(String, [String], String?)])
    func client(peer: String, header: [String], client: String?) throws {
        let proxies = [try #require(AddressRange("10.0.0.0/24"))]
        #expect(ClientAddress.resolve(peer: peer, forwardedFor: header, trusted: proxies) == client)
    }

    @Test("percent escapes are decoded once, anything else stays")
    func percentEscapes() {
        func decoded(_ text: String) -> String {
            String(decoding: percentDecodedBytes(Array(text.utf8)), as: UTF8.self)
        }
        #expect(decoded("a%20b%2Fc") == "a b/c")
        #expect(decoded("%2541") == "%41")
        #expect(decoded("%") == "%")
        #expect(decoded("%4") == "%4")
        #expect(decoded("%zz%4") == "%zz%4")
    }
}
