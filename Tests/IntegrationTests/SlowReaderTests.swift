import Foundation
import Synchronization
import Testing

/// A reader that greets and then does not read, while thousands of events go by.
@Suite struct SlowReaderTests {
    private static let events = 7_000

    @Test func itIsCutAtALineAndNobodyElseNotices() async throws {
        let provider = try FaultyProvider(hold: 0.05)
        provider.serve()
        let site = try Site()
        try site.write(
            "ctibridge.yaml",
            """
            country: FR
            sources:
              - {name: paris, provider: ovh, token: {credential: ovh}, \
            url: "http://127.0.0.1:\(provider.port)/paris", poll_timeout: 20s}
            # Two forms of each line: twice as soon out of what is kept for readers that lag.
            sockets: [{path: events.sock}, {path: masked.sock, numbers: masked}]

            """)
        let daemon = try await site.start(arguments: ["--no-stdout"])
        let socket = PlainHTTP.Place.socket("\(site.directory)/run/events.sock")
        let slow = try PlainHTTP.connect(socket)
        defer { close(slow) }
        var seen: [UInt8] = []
        try Self.read(slow, into: &seen) { String(decoding: $0, as: UTF8.self).contains("stream.live") }

        // Two that read all the time, the second without numbers.
        let clear = try LineCounter(socket)
        let masked = try LineCounter(.socket("\(site.directory)/run/masked.sock"))
        let before = Self.residentKilobytes(daemon)

        for start in stride(from: 0, to: Self.events, by: 1_000) {
            provider.deliver((start..<start + 1_000).map(Self.ringing), to: "paris")
            // Nobody waits for the slow one: these readers get all of it in the meantime.
            let hasPassed = await eventually(within: 60) {
                clear.lines >= start + 1_002 && masked.lines >= start + 1_002
            }
            #expect(hasPassed, "\(clear.lines) and \(masked.lines) of \(start + 1_000)")
        }
        let subscribers = try Self.subscribers(site)
        #expect(subscribers.compactMap { $0["leaving"] as? String } == ["slow"])
        let note = daemon.errors.split(separator: "\n").first { $0.contains("reader cut: it reads too slowly") }
        #expect(note?.contains("pid=\(getpid())") == true && note?.contains("notice") == true, "\(daemon.errors)")
        let pending = subscribers.map { $0["pending_bytes"] as? Int ?? 0 }
        #expect(pending.contains { $0 > 0 })
        #expect(pending.allSatisfy { $0 <= 256 << 10 })
        let after = Self.residentKilobytes(daemon)
        #expect(after - before < 400 << 10, "\(before) KiB, then \(after) KiB")

        try Self.read(slow, into: &seen) { _ in false }
        #expect(seen.last == 10)
        let lines = Line.read(seen.split(separator: 10).map { String(decoding: $0, as: UTF8.self) })
        #expect(lines.suffix(2).map(\.type) == ["stream.gap", "stream.bye"])
        #expect(lines.last?.text.contains(#""reason":"slow""#) == true)
        let positions = lines.compactMap(\.seq)
        let first = try #require(positions.first)
        #expect(positions == Array(first..<first + positions.count))
        // What it missed begins right behind what it got.
        #expect(lines.dropLast().last?.text.contains(#""from":\#(first + positions.count),"#) == true)
        daemon.signal(SIGTERM)
        #expect(await daemon.exitCode(within: 3) == 0)
    }

    private static func ringing(_ number: Int) -> String {
        // As long as texts of a provider are passed on: so fewer lines fill what is kept.
        let call = "c\(number)-" + String(repeating: "x", count: 300)
        let dialed = String(repeating: "1😀", count: 300)
        let data = #"{"CallId":"\#(call)","Dialed":"\#(dialed)","Calling":"0033639980001","Called":"0033199000001"}"#
        return #"{"Event":"start_ringing","Service":"sip","Ressource":"0033199000001","Data":\#(data)}"#
    }

    private static func subscribers(_ site: Site) throws -> [[String: Any]] {
        let body = try PlainHTTP.get(site.api, "/v1/subscribers").body
        let json = try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]
        return json?["subscribers"] as? [[String: Any]] ?? []
    }

    /// Reads until it is enough, or the end.
    private static func read(
        _ descriptor: Int32, into bytes: inout [UInt8], until isEnough: ([UInt8]) -> Bool
    ) throws {
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        let deadline = ContinuousClock.now + .seconds(60)
        while !isEnough(bytes) {
            guard ContinuousClock.now < deadline else { throw PlainHTTP.Failure(step: "no end came") }
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count >= 0 else { throw PlainHTTP.Failure(step: "nothing more came") }
            if count == 0 { return }
            bytes += buffer[..<count]
        }
    }

    private static func residentKilobytes(_ program: Program) -> Int {
        let text = (try? String(contentsOfFile: "/proc/\(program.id)/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    }
}

/// A reader that reads all the time.
private final class LineCounter: Sendable {
    private let count = Atomic<Int>(0)
    private let descriptor: Int32

    init(_ place: PlainHTTP.Place) throws {
        let descriptor = try PlainHTTP.connect(place)
        self.descriptor = descriptor
        Thread.detachNewThread { [weak self] in
            let buffer = UnsafeMutableRawPointer.allocate(byteCount: 1 << 20, alignment: 16)
            defer { buffer.deallocate() }
            while true {
                let size = recv(descriptor, buffer, 1 << 20, 0)
                guard size > 0, let self else { return }
                var rest = UnsafeRawBufferPointer(start: buffer, count: size)
                while let base = rest.baseAddress, let end = memchr(base, 10, rest.count) {
                    self.count.add(1, ordering: .relaxed)
                    rest = UnsafeRawBufferPointer(rebasing: rest[(UnsafeRawPointer(end) - base + 1)...])
                }
            }
        }
    }

    deinit {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }

    /// Whole lines so far, of all kinds.
    var lines: Int { count.load(ordering: .relaxed) }
}
