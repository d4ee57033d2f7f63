import HostSupport
import NIOCore

/// One socket that accepts readers.
struct EventListener: Sendable {
    let socket: BoundSocket
    let channel: any Channel
    let settings: EventListenerSettings
}
