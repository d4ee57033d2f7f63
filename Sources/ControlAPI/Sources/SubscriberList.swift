import CallModel
import Fanout
import HummingbirdCore

/// The answer of `GET /v1/subscribers`.
enum SubscriberList {
    static func response(_ hub: StreamHub) -> Response {
        let (head, subscribers) = (hub.head, hub.subscribers.list())
        return .json { json in
            json.field("head", hub.cursor(head).description)
            json.array("subscribers") { json in
                for subscriber in subscribers {
                    json.object {
                        $0.field("id", subscriber.id.rawValue)
                        $0.field("socket", subscriber.socket)
                        $0.field("uid", subscriber.peer.map { Int64($0.uid) })
                        $0.field("gid", subscriber.peer.map { Int64($0.gid) })
                        $0.field("pid", subscriber.peer.map { Int64($0.pid) })
                        $0.field("numbers", subscriber.numbers.rawValue)
                        $0.field("since", subscriber.since)
                        $0.field("cursor", hub.cursor(subscriber.cursor).description)
                        $0.field("lag", subscriber.lag(head: head))
                        $0.field("pending_bytes", Int64(subscriber.pendingBytes))
                        $0.field("sent_lines", subscriber.sentLines)
                        $0.field("leaving", subscriber.leaving?.rawValue)
                    }
                }
            }
        }
    }
}
