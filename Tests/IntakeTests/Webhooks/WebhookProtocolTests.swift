import CallModel
import Intake
import Testing

@Suite("HTTP as clients really speak it", .timeLimit(.minutes(1)))
struct WebhookProtocolTests {
    private func settings(_ change: (inout WebhookSettings.Limits) -> Void) -> WebhookSettings {
        var settings = WebhookSettings(port: 0)
        change(&settings.limits)
        return settings
    }

    @Test("HTTP/1.0 ends with the connection, unless asked otherwise")
    func http10() async throws {
        try await withListener { port, _ in
            let plain = try await RawConnection(port: port)
            plain.send("GET \(keyyoPath)?a=b HTTP/1.0\r\n\r\n")
            let reply = await plain.reply()
            #expect(reply?.status == 200)
            #expect(reply?.headers["connection"] == "close")
            #expect(await plain.untilClosed().isEmpty)

            let kept = try await RawConnection(port: port)
            for _ in 0..<2 {
                kept.send("GET \(keyyoPath)?a=b HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                #expect(await kept.reply()?.headers["connection"] == "keep-alive")
            }
        }
    }

    @Test("HTTP/1.1 goes on, unless asked otherwise; pipelined requests are answered in order")
    func http11() async throws {
        try await withListener { port, _ in
            let connection = try await RawConnection(port: port)
            for _ in 0..<3 {
                connection.send("GET \(keyyoPath)?a=b HTTP/1.1\r\nHost: h\r\n\r\n")
                #expect(await connection.reply()?.status == 200)
            }
            let request = "GET \(keyyoPath)?a=b HTTP/1.1\r\nHost: h\r\n"
            connection.send("\(request)\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n\(request)Connection: close\r\n\r\n")
            #expect(await connection.reply()?.status == 200)
            #expect(await connection.reply()?.status == 404)
            let last = await connection.reply()
            #expect(last?.status == 200)
            #expect(last?.headers["connection"] == "close")
            #expect(await connection.untilClosed().isEmpty)
        }
    }

    @Test("100-continue is given to who may send")
    func expectContinue() async throws {
        let sink = ScriptedSink()
        try await withListener(sink: sink) { port, _ in
            let connection = try await RawConnection(port: port)
            let rest = "HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
            connection.send("POST \(dmcPath) \(rest)")
            #expect(await connection.reply()?.status == 100)
            connection.send("ab")
            #expect(await connection.reply()?.status == 200)
            connection.send("POST /hooks/sfr-dmc/campaigns/x \(rest)")
            #expect(await connection.reply()?.status == 404)
        }
        #expect(sink.deliveries.map(\.body) == [Array("ab".utf8)])
    }

    @Test("a body that is too long: 413, announced or not, and the client gets to read it")
    func longBodies() async throws {
        let sink = ScriptedSink()
        var route = dmcRoute
        route.maximumBodyBytes = 1_000
        try await withListener(routes: [route], sink: sink) { port, _ in
            let head = "POST \(dmcPath) HTTP/1.1\r\nHost: h\r\n"
            let exact = try await exchange(
                port, "\(head)Content-Length: 1000\r\n\r\n" + String(repeating: "a", count: 1_000))
            #expect(exact.status == 200)
            let announced = try await exchange(
                port, "\(head)Content-Length: 3000000\r\n\r\n" + String(repeating: "a", count: 3_000_000))
            #expect(announced.status == 413)
            let chunk = "400\r\n" + String(repeating: "a", count: 0x400) + "\r\n"
            let chunked = try await exchange(
                port, "\(head)Transfer-Encoding: chunked\r\n\r\n" + String(repeating: chunk, count: 1_000))
            #expect(chunked.status == 413)
        }
        #expect(sink.deliveries.count == 1)
    }

    @Test("a query of 8 KiB is taken, a longer one is 414, an endless head 431")
    func longHeads() async throws {
        try await withListener { port, _ in
            func expect(_ status: Int, _ count: Int) async throws {
                try await expectGet(port, "\(keyyoPath)?\(String(repeating: "a", count: count))", is: status)
            }
            try await expect(200, 8_192)
            try await expect(414, 8_193)
            try await expect(431, 1_000_000)
            let header = "X-Filler: \(String(repeating: "a", count: 1_000))"
            try await expectGet(port, keyyoPath, headers: Array(repeating: header, count: 20), is: 431)
            try await expectGet(port, keyyoPath, headers: Array(repeating: "A: b", count: 70), is: 431)
        }
    }

    @Test(
        "what is not HTTP: 400 and the end",
        arguments: [
            "nonsense\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET  HTTP/1.1\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\u{0}\r\n\r\n",
            "POST /hooks/sfr-dmc/campaigns/dmc-s3cret HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n",
            "POST /hooks/sfr-dmc/campaigns/dmc-s3cret HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "POST /hooks/sfr-dmc/campaigns/dmc-s3cret HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        ])
    func nonsense(bytes: String) async throws {
        let sink = ScriptedSink()
        try await withListener(sink: sink, settings: settings { $0.linger = .milliseconds(50) }) { port, _ in
            let connection = try await RawConnection(port: port)
            connection.send(bytes)
            let reply = await connection.reply()
            #expect(reply?.status == 400)
            #expect(reply?.headers["connection"] == "close")
            #expect(await connection.untilClosed().isEmpty)
        }
        #expect(sink.deliveries.isEmpty)
    }

    @Test("bytes above 127 in a query are kept, percent-encoded, on every request of a connection")
    func highBytes() async throws {
        let sink = ScriptedSink()
        try await withListener(sink: sink) { port, _ in
            let connection = try await RawConnection(port: port)
            for _ in 0..<2 {
                connection.send(Array("GET \(keyyoPath)?name=".utf8) + [0xE9])
                connection.send([0x80] + Array("&b=%41 HTTP/1.1\r\nHost: h\r\n\r\n".utf8))
                #expect(await connection.reply()?.status == 200)
            }
            connection.send("\r\nPOST \(dmcPath)?\u{E9} HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\n\u{E9}")
            connection.send([0xE9, 0x0A])
            #expect(await connection.reply()?.status == 200)
        }
        #expect(sink.deliveries.map { $0.attributes["query"] } == ["name=%E9%80&b=%41", "name=%E9%80&b=%41", "%C3%A9"])
        #expect(sink.deliveries.last?.body == [0xC3, 0xA9, 0xE9, 0x0A])
    }

    /// The first bytes of bodies that never become whole.
    static let halves = ["Content-Length: 10\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"]

    @Test("a body that drips past the deadline: 408, and no delivery", arguments: halves)
    func drippingBody(half: String) async throws {
        let sink = ScriptedSink()
        let settings = settings {
            $0.request = .milliseconds(200)
            $0.linger = .milliseconds(50)
        }
        try await withListener(sink: sink, settings: settings) { port, _ in
            let connection = try await RawConnection(port: port)
            connection.send("POST \(dmcPath) HTTP/1.1\r\nHost: h\r\n\(half)")
            let reply = await connection.reply()
            #expect(reply?.status == 408)
            #expect(reply?.headers["connection"] == "close")
            #expect(await connection.untilClosed().isEmpty)
        }
        #expect(sink.deliveries.isEmpty)
    }

    @Test("a client that goes away in the middle of its body leaves no delivery", arguments: halves)
    func cutBody(half: String) async throws {
        let sink = ScriptedSink()
        try await withListener(sink: sink) { port, _ in
            let connection = try await RawConnection(port: port)
            connection.send("POST \(dmcPath) HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n\(half)")
            #expect(await connection.reply()?.status == 100)
            await connection.close()
        }
        // The listener has stopped: every request has come to its end.
        #expect(sink.deliveries.isEmpty)
    }

    @Test("a listener that is stopped in the middle of a body leaves no delivery", arguments: halves)
    func stoppedInBody(half: String) async throws {
        let sink = ScriptedSink()
        try await withListener(sink: sink) { port, _ in
            let connection = try await RawConnection(port: port)
            connection.send("POST \(dmcPath) HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n\(half)")
            #expect(await connection.reply()?.status == 100)
        }
        #expect(sink.deliveries.isEmpty)
    }

    /// To the millisecond: `ConnectionTimeTests`.
    @Test("a head that drips past the idle time: closed")
    func idle() async throws {
        try await withListener(settings: settings { $0.idle = .milliseconds(200) }) { port, _ in
            let dripping = try await RawConnection(port: port)
            dripping.send("GET \(keyyoPath)?a=b HTTP/1.1\r\nHos")
            #expect(await dripping.untilClosed().isEmpty)
        }
    }

    @Test("a journal that does not answer in time: 503, and the delivery still goes its way")
    func slowSink() async throws {
        let gate = Gate()
        let finished = Gate()
        let sink = ScriptedSink { _ in
            await gate.pass()
            finished.open()
            return .success(DeliveryReceipt())
        }
        try await withListener(
            sink: sink,
            settings: settings {
                $0.request = .milliseconds(200)
                $0.linger = .milliseconds(50)
            }
        ) { port, _ in
            let connection = try await RawConnection(port: port)
            connection.send("GET \(keyyoPath)?a=b HTTP/1.1\r\nHost: h\r\n\r\n")
            let reply = await connection.reply()
            #expect(reply?.status == 503)
            #expect(reply?.headers["retry-after"] == "5")
            #expect(await connection.untilClosed().isEmpty)
            gate.open()
            await finished.pass()
        }
    }

    @Test("more connections than the limit wait their turn")
    func connectionLimit() async throws {
        let gate = Gate()
        let sink = ScriptedSink { _ in
            await gate.pass()
            return .success(DeliveryReceipt())
        }
        // NIO accepts up to 4 at a time, so that the limit may be passed by 3.
        try await withListener(sink: sink, settings: settings { $0.connections = 2 }) { port, _ in
            var connections: [RawConnection] = []
            for _ in 0..<12 {
                let connection = try await RawConnection(port: port)
                connection.send("GET \(keyyoPath)?a=b HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
                connections.append(connection)
            }
            #expect(sink.deliveries.count <= 5)
            gate.open()
            for connection in connections { #expect(await connection.reply()?.status == 200) }
        }
        #expect(sink.deliveries.count == 12)
    }

    @Test("200 connections at once, each served")
    func manyConnections() async throws {
        let sink = ScriptedSink()
        try await withListener(sink: sink) { port, _ in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for index in 0..<200 {
                    group.addTask { try await get(port, "\(keyyoPath)?n=\(index)").status }
                }
                for try await status in group { #expect(status == 200) }
            }
        }
        #expect(Set(sink.deliveries.map { $0.attributes["query"] }).count == 200)
    }
}
