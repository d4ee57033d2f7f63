import CallModel
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import Intake

/// On a clock that only the test moves: how long a busy machine takes changes nothing.
@Suite("How long a webhook connection lives") struct ConnectionTimeTests {
    private let channel = EmbeddedChannel()
    private let head = "GET \(keyyoPath)?a=b HTTP/1.1\r\nHost: h\r\n"

    init() throws {
        var limits = WebhookSettings.Limits()
        limits.idle = .seconds(15)
        limits.request = .seconds(10)
        let targets = TargetEscapeHandler()
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandlers([
            targets, HTTPResponseEncoder(), ByteToMessageHandler(HTTPRequestDecoder()),
            ConnectionPolicyHandler(limits: limits, targets: targets),
        ])
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    private func receive(_ text: String) throws {
        try channel.writeInbound(ByteBuffer(string: text))
    }

    private func pass(milliseconds: Int64) {
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(milliseconds))
    }

    /// What was sent so far, and not looked at before.
    private func sent() throws -> String {
        var text = ""
        while let buffer = try channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: buffer) }
        return text
    }

    private func answer() throws {
        let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: ["Content-Length": "0"])
        try channel.writeOutbound(HTTPServerResponsePart.head(head))
        try channel.writeOutbound(HTTPServerResponsePart.end(nil))
    }

    @Test("a head that drips is not waited for past the idle time")
    func drippingHead() throws {
        for letter in head.prefix(14) {
            try receive(String(letter))
            pass(milliseconds: 1_000)
        }
        pass(milliseconds: 999)
        #expect(channel.isActive)
        pass(milliseconds: 1)
        #expect(!channel.isActive)
    }

    @Test("an idle connection is closed, the time running anew from each reply")
    func idle() throws {
        for _ in 0..<2 {
            pass(milliseconds: 14_999)
            try receive("\(head)\r\n")
            try answer()
            #expect(try sent().hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
        pass(milliseconds: 14_999)
        #expect(channel.isActive)
        pass(milliseconds: 1)
        #expect(!channel.isActive)
        #expect(try sent().isEmpty)
    }

    @Test("a body that drips is told so when the time of a request is up, and closed after a moment")
    func drippingBody() throws {
        try receive("\(head)Content-Length: 100\r\n\r\n")
        for _ in 0..<9 {
            try receive("x")
            pass(milliseconds: 1_000)
        }
        #expect(try sent().isEmpty)
        // The body ends for whoever reads it as abandoned.
        try receive("x")
        pass(milliseconds: 1_000)
        #expect(throws: ConnectionPolicyHandler.RequestAbandoned.self) { try channel.throwIfErrorCaught() }
        #expect(try sent().hasPrefix("HTTP/1.1 408 "))
        pass(milliseconds: 2_000)
        #expect(!channel.isActive)
    }
}
