import NIOCore

/// Looks at the first bytes of the answer, and says what answers where it is not HTTP.
///
/// The parser of HTTP would wait for more of a line without end, or tell an error that a broken connection has, too.
final class OtherProtocolHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private static let beginning = Array("HTTP/".utf8)

    private let endpoint: Endpoint
    private var matched = 0
    private var isStrange = false

    init(endpoint: Endpoint) {
        self.endpoint = endpoint
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isStrange else { return }
        if matched < Self.beginning.count {
            for byte in unwrapInboundIn(data).readableBytesView.prefix(Self.beginning.count - matched) {
                guard byte == Self.beginning[matched] else {
                    isStrange = true
                    // Not closed here: the failure would be that of a request that cannot be written.
                    context.fireErrorCaught(endpoint.otherProtocol(isEvents: matched == 0 && byte == UInt8(ascii: "{")))
                    return
                }
                matched += 1
            }
        }
        context.fireChannelRead(data)
    }
}

extension Endpoint {
    /// - Parameter isEvents: whether it said an event at once.
    fileprivate func otherProtocol(isEvents: Bool) -> ClientFailure {
        guard isEvents else { return .protocolViolation("what answers at \(self) does not speak HTTP") }
        return .otherProtocol(
            "\(self) is an events socket, which is only read (socat -u UNIX-CONNECT:\(self) -); the API socket, which this "
                + "command needs, is api.sock beside it")
    }
}
