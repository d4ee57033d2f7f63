import CallModel
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

extension Response {
    /// Nothing here may be kept by a cache: it is about now.
    static func bytes(
        _ bytes: [UInt8], type: String, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) -> Response {
        var headers = headers
        headers[.contentType] = type
        headers[.cacheControl] = "no-store"
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// One JSON object and a line break.
    static func json(
        status: HTTPResponse.Status = .ok, headers: HTTPFields = [:], _ write: (inout JSONWriter) -> Void
    ) -> Response {
        var json = JSONWriter()
        json.object { write(&$0) }
        return bytes(json.line(), type: "application/json", status: status, headers: headers)
    }

    static func problem(_ problem: Problem) -> Response {
        var headers = problem.headers
        if problem.closesConnection { headers[.connection] = "close" }
        return bytes(problem.json, type: Problem.contentType, status: problem.status, headers: headers)
    }
}
