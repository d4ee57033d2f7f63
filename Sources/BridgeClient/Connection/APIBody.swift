package import NIOCore
import NIOHTTP1

/// The body of a reply while it arrives.
package struct APIBody {
    // NIO's `next` runs away from the caller's actor, which the compiler takes for sharing. It is safe because a body
    // is not `Sendable`: only the one task that has it calls `next`, and it waits for the result.
    nonisolated(unsafe) private var parts: NIOAsyncChannelInboundStream<HTTPClientResponsePart>.AsyncIterator
    private var isComplete = false

    init(_ parts: NIOAsyncChannelInboundStream<HTTPClientResponsePart>.AsyncIterator) {
        self.parts = parts
    }

    mutating func head() async throws -> HTTPResponseHead {
        guard case .head(let head) = try await parts.next() else {
            throw ClientFailure.interrupted("the daemon closed the connection without an answer")
        }
        return head
    }

    /// What has arrived, at most a few hundred KiB; nil at the proper end of the body.
    ///
    /// Throws `interrupted` where the connection ends before the body does.
    package mutating func next() async throws(ClientFailure) -> ByteBuffer? {
        while !isComplete {
            let part: HTTPClientResponsePart?
            do {
                part = try await parts.next()
            } catch let failure as ClientFailure {
                throw failure
            } catch {
                throw .interrupted("the connection to the daemon broke")
            }
            switch part {
            case .body(let buffer): return buffer
            case .end: isComplete = true
            case .head: continue
            case nil: throw .interrupted("the daemon closed the connection in the middle of its answer")
            }
        }
        return nil
    }

    /// The same, as bytes.
    package mutating func nextBytes() async throws(ClientFailure) -> [UInt8]? {
        try await next().map { Array($0.readableBytesView) }
    }

    /// The rest of the body in one piece of at most `limit` bytes.
    package mutating func collect(upTo limit: Int) async throws(ClientFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        while let buffer = try await next() {
            guard bytes.count + buffer.readableBytes <= limit else {
                throw .protocolViolation("the answer is longer than \(limit >> 20) MiB")
            }
            bytes.append(contentsOf: buffer.readableBytesView)
        }
        return bytes
    }
}
