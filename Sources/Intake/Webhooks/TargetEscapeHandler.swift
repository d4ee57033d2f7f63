import NIOCore

/// Percent-encodes bytes above 127 in request lines, which the HTTP parser would refuse.
///
/// They are not allowed there (RFC 3986, section 2), but a provider that puts a caller's name into a URL as it is
/// would have its notification refused, and nothing says that it comes again. As `%E9` the byte reaches the decoder
/// of the provider unharmed.
///
/// Sits in front of the HTTP decoder; `ConnectionPolicyHandler` behind it says where a request line can begin. A
/// request line that arrives in one piece with the end of the request before it (pipelining) is left as it is.
final class TargetEscapeHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    var isInRequestLine = true

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard isInRequestLine else {
            context.fireChannelRead(data)
            return
        }
        let buffer = unwrapInboundIn(data)
        let bytes = buffer.readableBytesView
        // Empty lines may come before a request (RFC 9112, section 2.2).
        let start = bytes.firstIndex { $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") } ?? bytes.endIndex
        let lineEnd = bytes[start...].firstIndex(of: UInt8(ascii: "\n"))
        if lineEnd != nil { isInRequestLine = false }
        let line = bytes[start..<(lineEnd ?? bytes.endIndex)]
        guard line.contains(where: { $0 > 0x7F }) else {
            context.fireChannelRead(data)
            return
        }
        var escaped = context.channel.allocator.buffer(capacity: bytes.count + 64)
        escaped.writeBytes(bytes[..<start])
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in line {
            if byte > 0x7F {
                escaped.writeBytes([UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]])
            } else {
                escaped.writeInteger(byte)
            }
        }
        escaped.writeBytes(bytes[line.endIndex...])
        context.fireChannelRead(wrapInboundOut(escaped))
    }
}
