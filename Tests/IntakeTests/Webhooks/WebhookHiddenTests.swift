import CallModel
import Intake
import Testing

@Suite("Secrets that a provider sends back are not kept", .timeLimit(.minutes(1)))
struct WebhookHiddenTests {
    @Test("the access key and the path secret, in query and body, plain and encoded")
    func hidden() async throws {
        let sink = ScriptedSink()
        let source = SourceName(provider: "orange", name: "legacy")
        let route = WebhookRoute(
            source: source, methods: [.get, .post], secrets: [Redacted("path-s3cret")], hidden: [Redacted("k&y-s3cret")]
        )
        try await withListener(routes: [route], sink: sink) { port, _ in
            let path = "/hooks/orange/legacy/path-s3cret"
            let got = try await IntakeTests.get(port, "\(path)?id=k%26y-s3cret&u=http://h\(path)&x=1")
            #expect(got.status == 200)
            let body = "id=k&y-s3cret&x=2"
            let post = "POST \(path) HTTP/1.1\r\nHost: h\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
            let posted = try await exchange(port, post)
            #expect(posted.status == 200)
        }
        #expect(
            sink.deliveries.first?.attributes["query"] == "id=[redacted]&u=http://h/hooks/orange/legacy/[redacted]&x=1")
        #expect(sink.deliveries.last.map { String(decoding: $0.body, as: UTF8.self) } == "id=[redacted]&x=2")
    }
}
