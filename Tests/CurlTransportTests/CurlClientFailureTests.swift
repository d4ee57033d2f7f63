import CallModel
import CurlTransport
import Glibc
import HostSupport
import Testing

@Suite("Failures say what happened, and whether the request can have arrived")
struct CurlClientFailureTests {
    private let client = CurlClient()

    @Test("silence until the timeout")
    func silence() async throws {
        let server = try await ScriptedServer { _ in [] }
        let failure = try await failure(
            of: client, HTTPRequest(.get, server.url("/poll?token=s3cret"), timeout: .milliseconds(200)))
        #expect(failure.kind == .timedOut)
        #expect(failure.mayHaveBeenSent)
        #expect(failure.detail == "127.0.0.1: no whole reply within 200 ms")
        try await server.stop()
    }

    @Test("a reply that stops in the middle, and stays open")
    func halfOpen() async throws {
        let server = try await ScriptedServer { _ in [.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")] }
        let failure = try await failure(of: client, HTTPRequest(.get, server.url(), timeout: .milliseconds(200)))
        #expect(failure.kind == .timedOut)
        #expect(failure.mayHaveBeenSent)
        try await server.stop()
    }

    @Test("a server that never accepts: the request is in the kernel's hands, so it counts as sent")
    func neverAccepted() async throws {
        let listener = try SilentListener()
        let failure = try await failure(
            of: client,
            HTTPRequest(.post, "http://127.0.0.1:\(listener.port)/call", timeout: .milliseconds(200)))
        #expect(failure.kind == .timedOut)
        #expect(failure.mayHaveBeenSent)
        listener.close()
    }

    @Test("connection refused")
    func refused() async throws {
        let listener = try SilentListener()
        let port = listener.port
        listener.close()
        let failure = try await failure(of: client, HTTPRequest(.post, "http://127.0.0.1:\(port)/s3cret"))
        #expect(failure.kind == .cannotConnect)
        #expect(!failure.mayHaveBeenSent)
        #expect(!failure.description.contains("s3cret"))
    }

    @Test("a name that cannot exist")
    func unresolvable() async throws {
        // A label of 64 octets is refused by the resolver itself: no query leaves the machine.
        let label = String(repeating: "x", count: 64)
        let failure = try await failure(of: client, HTTPRequest(.get, "http://\(label).invalid/"))
        #expect(failure.kind == .cannotResolve)
        #expect(!failure.mayHaveBeenSent)
    }

    @Test("no Unix socket there")
    func missingUnixSocket() async throws {
        let failure = try await failure(
            of: client, HTTPRequest(.get, "http://api/", unixSocketPath: "/nonexistent/cti.sock"))
        #expect(failure.kind == .cannotConnect)
        #expect(!failure.mayHaveBeenSent)
    }

    @Test(
        "a connection lost before, in or right after the head",
        arguments: [
            "", "HTTP/1.1 20", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        ])
    func cut(bytes: String) async throws {
        let server = try await ScriptedServer { _ in [.send(bytes), .close] }
        let failure = try await failure(of: client, HTTPRequest(.get, server.url()))
        #expect(failure.kind == .connectionLost)
        #expect(failure.mayHaveBeenSent)
        #expect(server.requests.count == 1)
        try await server.stop()
    }

    @Test(
        "bytes that are not HTTP",
        arguments: [
            "SSH-2.0-OpenSSH_9.2\r\n", "\u{0}\u{1}\u{2}\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        ])
    func garbage(bytes: String) async throws {
        let server = try await ScriptedServer { _ in [.send(bytes), .close] }
        let failure = try await failure(of: client, HTTPRequest(.get, server.url(), timeout: .seconds(5)))
        #expect(failure.kind == .connectionLost)
        #expect(failure.mayHaveBeenSent)
        try await server.stop()
    }

    @Test("10 MB without a length end at the limit")
    func longBodyWithoutLength() async throws {
        let server = try await ScriptedServer { _ in
            [.send("HTTP/1.1 200 OK\r\n\r\n"), .sendBytes([UInt8](repeating: 0x61, count: 10_000_000)), .close]
        }
        let failure = try await failure(of: client, HTTPRequest(.get, server.url(), maximumReplyBytes: 1 << 20))
        #expect(failure.kind == .replyTooLarge)
        #expect(failure.mayHaveBeenSent)
        try await server.stop()
    }

    @Test("10 MB with a length end at the limit")
    func longBodyAnnounced() async throws {
        let server = try await ScriptedServer { _ in
            [
                .send("HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n"),
                .sendBytes([UInt8](repeating: 0x61, count: 2_000_000)),
            ]
        }
        let failure = try await failure(of: client, HTTPRequest(.get, server.url(), maximumReplyBytes: 1 << 20))
        #expect(failure.kind == .replyTooLarge)
        try await server.stop()
    }

    @Test("a refusal is known by its status, however long its page", arguments: [300, 400, 404, 500], [true, false])
    func longRefusal(status: Int, hasLength: Bool) async throws {
        let server = try await ScriptedServer { _ in
            let length = hasLength ? "Content-Length: 10000000\r\n" : ""
            return [
                .send("HTTP/1.1 \(status) No\r\nRetry-After: 7\r\n\(length)\r\n"),
                .sendBytes([UInt8](repeating: 0x61, count: 2_000_000)), .close,
            ]
        }
        let reply = try await client.execute(HTTPRequest(.post, server.url(), maximumReplyBytes: 5_000))
        #expect(reply.status == status && reply.reason == "No" && reply.retryAfterSeconds == 7)
        #expect(reply.body == [UInt8](repeating: 0x61, count: 5_000))
        try await server.stop()
    }

    @Test("a reply of exactly the limit is whole")
    func exactLimit() async throws {
        let server = try await ScriptedServer { _ in [.reply("200 OK", String(repeating: "a", count: 5_000))] }
        let reply = try await client.execute(HTTPRequest(.get, server.url(), maximumReplyBytes: 5_000))
        #expect(reply.body.count == 5_000)
        try await server.stop()
    }

    @Test("endless headers and endless interim replies end at 64 KiB")
    func longHead() async throws {
        let server = try await ScriptedServer { seen in
            let isInterim = seen.target == "/interim"
            let line = isInterim ? "HTTP/1.1 100 Continue\r\n\r\n" : "X-Filler: aaaaaaaaaaaaaaaaaaaaaaaaa\r\n"
            return [.send((isInterim ? "" : "HTTP/1.1 200 OK\r\n") + String(repeating: line, count: 10_000))]
        }
        for path in ["/interim", "/headers"] {
            let failure = try await failure(of: client, HTTPRequest(.get, server.url(path), timeout: .seconds(10)))
            #expect(failure.kind == .replyTooLarge)
        }
        try await server.stop()
    }

    @Test("a request is not sent again when a reused connection dies on it")
    func noSilentRepetition() async throws {
        let server = try await ScriptedServer { seen in
            seen.index == 0 ? [.reply("200 OK", "first")] : [.close]
        }
        _ = try await client.execute(HTTPRequest(.get, server.url("/poll")))
        let failure = try await failure(of: client, HTTPRequest(.get, server.url("/makecall.html")))
        #expect(failure.kind == .connectionLost)
        #expect(failure.mayHaveBeenSent)
        #expect(server.requests.map(\.connection) == [1, 1])
        try await server.stop()
    }

    @Test("one that may be repeated is, on a connection of its own")
    func repetition() async throws {
        let server = try await ScriptedServer { seen in
            seen.index == 1 ? [.close] : [.reply("200 OK", "\(seen.index)")]
        }
        _ = try await client.execute(HTTPRequest(.get, server.url("/poll")))
        let reply = try await client.execute(HTTPRequest(.post, server.url("/session"), isRepeatable: true))
        #expect(reply.body == Array("2".utf8))
        #expect(server.requests.map(\.connection) == [1, 1, 2])
        try await server.stop()
    }
}

/// Listens and never accepts.
private struct SilentListener {
    private let descriptor: Int32
    let port: Int

    init() throws {
        descriptor = try BoundSocket.tcp(TCPEndpoint(host: "127.0.0.1", port: 0)).descriptor
        port = try #require(TCPEndpoint(descriptor: descriptor)).port
    }

    func close() {
        _ = Glibc.close(descriptor)
    }
}
