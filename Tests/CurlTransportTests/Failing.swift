import CallModel
import Testing

/// The failure of a request that must fail.
func failure(
    of client: any HTTPClient, _ request: HTTPRequest, sourceLocation: SourceLocation = #_sourceLocation
) async throws -> HTTPFailure {
    do {
        let reply = try await client.execute(request)
        Issue.record("a reply with status \(reply.status) where a failure was due", sourceLocation: sourceLocation)
        throw UnexpectedReply()
    } catch let failure as HTTPFailure {
        return failure
    }
}

struct UnexpectedReply: Error {}
