import Testing

@testable import BridgeConfiguration

@Suite("Finding the word that was meant")
struct SuggestionTests {
    @Test(arguments: [
        ("token", "token", 0), ("tokn", "token", 1), ("tokne", "token", 1), ("Token", "token", 0), ("", "abc", 3),
        ("abc", "", 3), ("kitten", "sitting", 3),
    ])
    func distance(left: String, right: String, expected: Int) {
        #expect(Suggestion.distance(left, right) == expected)
    }

    @Test func nearest() {
        #expect(Suggestion.nearest(to: "pasword", among: ["name", "password"]) == "password")
        #expect(Suggestion.nearest(to: "ap", among: ["api", "may"]) == "api")
        #expect(Suggestion.nearest(to: "url", among: ["raw"]) == nil)
    }

    @Test(arguments: ["500ms", "2s", "90s", "3m", "1h", "180d", "0s"])
    func durationsReadAsTheyAreWritten(text: String) throws {
        #expect(DurationText.write(try #require(DurationText.read(text))) == (text == "90s" ? "90s" : text))
    }

    @Test(arguments: ["", "s", "1", "1 s", "-1s", "+1s", "1.5s", "1S", "1w", "9999999999999s", "٣s", "1ss", "1s "])
    func whatIsNoDuration(text: String) {
        #expect(DurationText.read(text) == nil)
    }

    @Test func sizes() {
        #expect(SizeText.read("64MiB") == 67_108_864)
        #expect(SizeText.read("2GiB") == 2_147_483_648)
        #expect(SizeText.read("1TiB") == 1_099_511_627_776)
        #expect(SizeText.read("1024KiB").map(SizeText.write) == "1MiB")
        #expect(SizeText.read("2GB") == nil && SizeText.read("2") == nil)
    }

    @Test(arguments: ["127.0.0.1:8480", "[::1]:8480", "0.0.0.0:0", "[2001:db8::1]:65535"])
    func listenAddressesReadAsTheyAreWritten(text: String) {
        #expect(ListenAddress(text)?.description == text)
    }

    @Test func loopback() {
        #expect(ListenAddress("127.1.2.3:1")?.isLoopback == true)
        #expect(ListenAddress("[::1]:1")?.isLoopback == true)
        #expect(ListenAddress("[::ffff:127.0.0.1]:1")?.isLoopback == true)
        #expect(ListenAddress("0.0.0.0:1")?.isLoopback == false)
        #expect((try? BaseURL("http://localhost:8490/x"))?.isLoopback == true)
        #expect((try? BaseURL("http://[::1]:8490"))?.isLoopback == true)
        #expect((try? BaseURL("http://127.0.0.1.example.com"))?.isLoopback == false)
        #expect((try? BaseURL("http://localhost.example.com"))?.isLoopback == false)
    }
}
