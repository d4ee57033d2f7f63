import CallModel
import Intake
import Testing

@Suite("A webhook becomes a durable delivery", .timeLimit(.minutes(1)))
struct WebhookDeliveryTests {
    @Test("GET: the raw query, the method and the peer; the secret nowhere; 200 with nothing")
    func get() async throws {
        let sink = ScriptedSink()
        let query = "account=33199000001&caller=%2B33639980001&callee=+&name=%E9%ZZ%&type=SETUP&a?b#c"
        try await withListener(sink: sink) { port, _ in
            let reply = try await IntakeTests.get(port, "\(keyyoPath)?\(query)")
            #expect(reply == .init(status: 200, headers: ["content-length": "0"], body: ""))
        }
        #expect(
            sink.deliveries == [
                Delivery(
                    source: keyyo, observed: Timestamp(milliseconds: 1_795_253_400_125), kind: .webhook,
                    attributes: ["query": query, "method": "GET", "peer": "127.0.0.1"])
            ])
    }

    @Test("POST: the body as it came, with its type; chunked too")
    func post() async throws {
        let sink = ScriptedSink()
        let body: [UInt8] = [0, 0xFF, 0x0A, 0x0D, 0x7B]
        try await withListener(sink: sink) { port, _ in
            let connection = try await RawConnection(port: port)
            connection.send(
                Array("POST \(dmcPath) HTTP/1.1\r\nHost: h\r\nContent-Type: text/xml\r\nContent-Length: 5\r\n\r\n".utf8)
                    + body)
            #expect(await connection.reply()?.status == 200)
            connection.send("POST \(dmcPath) HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
            connection.send("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
            #expect(await connection.reply()?.status == 200)
        }
        #expect(sink.deliveries.map(\.body) == [body, Array("abcde".utf8)])
        #expect(
            sink.deliveries.map(\.attributes) == [
                ["query": "", "method": "POST", "content-type": "text/xml", "peer": "127.0.0.1"],
                ["query": "", "method": "POST", "peer": "127.0.0.1"],
            ])
    }

    @Test(
        "every secret of a rotation opens the route, percent-encoded too",
        arguments: ["older", "%6flder", "k3yyo%2Ds3cret"])
    func rotation(secret: String) async throws {
        try await withListener { port, _ in
            try await expectGet(port, "/hooks/keyyo/front-desk/\(secret)?a=b", is: 200)
        }
    }

    @Test("input that is no good: 400 with the reason")
    func refused() async throws {
        let sink = ScriptedSink { _ in .success(DeliveryReceipt(refusal: "no parameter type")) }
        try await withListener(sink: sink) { port, _ in
            let reply = try await IntakeTests.get(port, "\(keyyoPath)?account=1")
            #expect(reply.status == 400)
            #expect(reply.headers["content-type"] == "text/plain; charset=utf-8")
            #expect(reply.body == "no parameter type\n")
        }
    }

    @Test(
        "what could not be made durable: 503, come again",
        arguments: [IntakeRejection.overloaded, .journalUnavailable("disk full"), .stopping])
    func rejected(rejection: IntakeRejection) async throws {
        try await withListener(sink: ScriptedSink { _ in .failure(rejection) }) { port, _ in
            let reply = try await IntakeTests.get(port, "\(keyyoPath)?a=b")
            #expect(reply.status == 503)
            #expect(reply.headers["retry-after"] == "5")
            #expect(reply.body.isEmpty)
        }
    }

    @Test("no 200 before the commit")
    func answeredAfterCommit() async throws {
        let gate = Gate()
        let submitted = Gate()
        let sink = ScriptedSink { _ in
            submitted.open()
            await gate.pass()
            return .success(DeliveryReceipt())
        }
        try await withListener(sink: sink) { port, _ in
            let connection = try await RawConnection(port: port)
            connection.send("GET \(keyyoPath)?a=b HTTP/1.1\r\nHost: h\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n")
            await submitted.pass()
            // The second, pipelined request would be answered 404 at once.
            gate.open()
            #expect(await connection.reply()?.status == 200)
            #expect(await connection.reply()?.status == 404)
        }
    }

    @Test("new routes are in force at once, also on an open connection")
    func replaced() async throws {
        try await withListener { port, listener in
            let connection = try await RawConnection(port: port)
            let request = "GET \(keyyoPath)?a=b HTTP/1.1\r\nHost: h\r\n\r\n"
            connection.send(request)
            #expect(await connection.reply()?.status == 200)
            listener.replace(routes: [dmcRoute], trustedProxies: [])
            connection.send(request)
            #expect(await connection.reply()?.status == 404)
            listener.replace(routes: [keyyoRoute(allow: ["192.0.2.0/24"])], trustedProxies: [])
            connection.send(request)
            #expect(await connection.reply()?.status == 403)
        }
    }
}
