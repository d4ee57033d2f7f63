import Glibc
package import NIOCore

extension PeerCredentials {
    /// Who has connected; nil where the kernel does not say. Completes at once, on the channel's event loop.
    package static func ofPeer(on channel: any Channel) -> EventLoopFuture<PeerCredentials?> {
        guard let provider = channel as? any SocketOptionProvider else {
            return channel.eventLoop.makeSucceededFuture(nil)
        }
        // `struct ucred` is a GNU extension that Glibc's module map hides: three words, pid, uid and gid.
        let answer: EventLoopFuture<(UInt32, UInt32, UInt32)> = provider.unsafeGetSocketOption(
            level: .socket, name: NIOBSDSocket.Option(rawValue: SO_PEERCRED)
        )
        return answer.map { PeerCredentials?(PeerCredentials(uid: $0.1, gid: $0.2, pid: Int32(bitPattern: $0.0))) }
            .flatMapErrorThrowing { _ in PeerCredentials?.none }
    }
}
