/// Asks the daemon for a conference or a text and understands what became of it.
package struct Order: Sendable {
    private let client: APIClient
    private let key: String

    /// - Parameter idempotencyKey: of an earlier attempt, to ask again without doing it twice.
    package init(client: APIClient, idempotencyKey: String? = nil) {
        self.client = client
        key = idempotencyKey ?? PlacementRequest.newIdempotencyKey()
    }

    /// The daemon's answer. Never asks twice.
    ///
    /// Throws `interrupted` when nobody knows whether it was done.
    package func ask(_ request: OrderRequest) async throws(ClientFailure) -> [UInt8] {
        do {
            return try await client.reply(to: request.apiRequest(idempotencyKey: key), silence: APIClient.patience)
        } catch  where error.lostAnswer != nil {
            throw unknownResult(error.description)
        } catch .refused(let problem) where problem.status == 504 {
            let id = problem.members["id"]?.text.map { "; the message is \($0)" } ?? ""
            throw unknownResult("\(problem.title ?? "the provider did not answer")\(id)")
        }
    }

    private func unknownResult(_ reason: String) -> ClientFailure {
        .interrupted(
            "\(reason). Nobody knows whether it was done. To ask again without doing it twice: the same command with "
                + "--idempotency-key \(key)")
    }

    /// What came of the call to one guest of a conference.
    package struct Guest: Sendable, Hashable {
        package var number: String
        package var call: String
        /// Nil: accepted.
        package var failure: String?
    }

    /// The guests that a reply is about, in the order of the request.
    package static func guests(in reply: [UInt8]) throws(ClientFailure) -> [Guest] {
        try ReplyDocument(reply).list("calls").map { entry throws(ClientFailure) in
            guard let number = entry["to"]?.string, let call = entry["id"]?.string else {
                throw .protocolViolation("the daemon called the guests but its answer names no calls")
            }
            let isAccepted = entry["result"]?.string == "accepted"
            let detail = entry["problem"]?["detail"]?.string ?? entry["result"]?.string ?? "no result"
            return Guest(number: number, call: call, failure: isAccepted ? nil : detail)
        }
    }
}
