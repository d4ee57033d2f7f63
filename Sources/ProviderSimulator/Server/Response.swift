internal import NIOCore

/// One HTTP answer.
struct Response: Sendable {
    let status: Int
    /// The words after the status; nil for the usual ones.
    var reason: String?
    var headers: [(name: String, value: String)] = []
    let body: ByteBuffer

    init(_ status: Int, headers: [(name: String, value: String)] = [], body: ByteBuffer = ByteBuffer()) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    init(_ status: Int, headers: [(name: String, value: String)], bytes: [UInt8]) {
        self.init(status, headers: headers, body: ByteBuffer(bytes: bytes))
    }

    static func text(_ status: Int, _ text: String) -> Response {
        Response(status, headers: [("Content-Type", "text/plain; charset=utf-8")], body: ByteBuffer(string: text))
    }

    static func json(_ status: Int, _ value: JSONValue) -> Response {
        Response(status, headers: [("Content-Type", "application/json")], body: ByteBuffer(string: value.json))
    }

    /// What a fault answers instead of the truth.
    static func faulty(_ fault: Fault) -> Response {
        var response: Response
        switch fault.kind {
        case .huge:
            response = Response(200, body: ByteBuffer(repeating: UInt8(ascii: "x"), count: fault.value))
        case .garbage:
            response = .text(200, fault.body ?? "<html><body>Be right back</body></html>")
        default:
            response = .text(fault.value, fault.body ?? "")
        }
        for header in fault.headers {
            response.headers.removeAll { $0.name.lowercased() == header.name.lowercased() }
            response.headers.append((header.name, header.value.text ?? ""))
        }
        return response
    }
}
