internal import NIOCore

/// One request that a provider sends by itself, exactly as it goes over the wire.
struct Push: Sendable {
    let provider: ProviderName
    /// Whom it is about, for the log and for faults: line, service id, caller.
    let account: String
    /// What it tells, for the log.
    let type: String
    let target: PushTarget
    let method: Method
    let userAgent: String
    /// What follows the target's own path and query, without `?` or `&`; empty for nothing.
    var query = ""
    /// Nil for no header.
    var contentType: String?
    var body: [UInt8] = []

    enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
    }

    var path: String { query.isEmpty ? target.path : target.path + (target.path.contains("?") ? "&" : "?") + query }

    /// The same request with text that no reader understands: `text`, or its own content as a text processor leaves it.
    func damaged(_ text: String?) -> Push {
        var push = self
        switch (method, text) {
        case (.get, _): push.query = text ?? "%%%" + query.prefix(query.count / 2)
        case (.post, let text?): push.body = Array(text.utf8)
        case (.post, nil): push.body = Typography.damage(body)
        }
        return push
    }

    /// The same request with that many bytes of content.
    func swollen(to count: Int) -> Push {
        var push = self
        switch method {
        case .get: push.query = String(repeating: "x", count: count)
        case .post: push.body = [UInt8](repeating: UInt8(ascii: "x"), count: count)
        }
        return push
    }
}
