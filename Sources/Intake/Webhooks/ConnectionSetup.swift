import HostSupport
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOSSL

/// Makes an accepted socket an HTTP/1 connection that is served.
struct ConnectionSetup: Sendable {
    private let limits: WebhookSettings.Limits
    private let http: HTTP1Channel
    private let connections: OpenConnections
    private let logger: Logger

    init(limits: WebhookSettings.Limits, responder: WebhookResponder, connections: OpenConnections, logger: Logger) {
        self.limits = limits
        self.connections = connections
        self.logger = logger
        http = HTTP1Channel(
            responder: { request, writer, channel in
                try await responder.respond(request, writer, peer: channel.remoteAddress?.ipAddress)
            },
            configuration: .init(
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: limits.headBytes, maxHeaderListSize: limits.headBytes,
                    maxHeaderFieldCount: limits.headerCount)))
    }

    func serve(_ channel: any Channel, tls: NIOSSLContext?) -> EventLoopFuture<Void> {
        let ready = channel.eventLoop.makeCompletedFuture {
            if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
        }
        return ready.flatMap { http.setup(channel: channel, logger: logger) }.flatMapThrowing { value in
            connections.opened(channel)
            // Not a child of `run()`: such a value must be handled or it ends the process, also when it is accepted
            // while `run()` is ending. `connections` is what `run()` waits for; their number is limited.
            Task {
                await http.handle(value: value, logger: logger)
                connections.ended(channel)
            }
            let pipeline = channel.pipeline.syncOperations
            let decoder = try pipeline.context(handlerType: ByteToMessageHandler<HTTPRequestDecoder>.self).handler
            let targets = TargetEscapeHandler()
            try pipeline.addHandler(targets, position: .before(decoder))
            try pipeline.addHandler(
                ConnectionPolicyHandler(limits: limits, targets: targets), position: .after(decoder))
        }
    }
}
