import CallModel

/// Asks the daemon to place a call and understands what became of it.
package struct Placement: Sendable {
    private let client: APIClient
    private let key: String

    /// - Parameter idempotencyKey: Of an earlier attempt, to ask again without a second call.
    package init(client: APIClient, idempotencyKey: String? = nil) {
        self.client = client
        key = idempotencyKey ?? PlacementRequest.newIdempotencyKey()
    }

    /// The reply: an object with the id of the call. Never asks twice.
    ///
    /// Throws `interrupted` when nobody knows whether the call was placed.
    package func ask(_ request: PlacementRequest) async throws(ClientFailure) -> [UInt8] {
        do {
            return try await client.reply(to: request.apiRequest(idempotencyKey: key), silence: APIClient.patience)
        } catch  where error.lostAnswer != nil {
            throw unknownResult(request, error.description)
        } catch .refused(let problem) where problem.status == 504 {
            // The daemon has asked the provider and got no answer.
            let call = problem.members["call"]?.text.map { "; the call is \($0)" } ?? ""
            throw unknownResult(request, "\(problem.title ?? "the provider did not answer")\(call)")
        }
    }

    private func unknownResult(_ request: PlacementRequest, _ reason: String) -> ClientFailure {
        guard case .dial = request else { return .interrupted(reason) }
        return .interrupted(
            "\(reason). Nobody knows whether the call was placed: the phone may be ringing. "
                + "Look with: ctibridge calls. To ask again without a second call: the same command with "
                + "--idempotency-key \(key)")
    }

    /// The wishes that the provider cannot be told, as the options of a command.
    package static func ignoredOptions(in reply: [UInt8]) -> [String] {
        guard let document = try? JSONReader.value(of: reply[...]), let keys = document["ignored"]?.array else {
            return []
        }
        return keys.compactMap { key in key.text.map { "--" + $0.split(separator: "_").joined(separator: "-") } }
    }

    /// The id of the call that a reply is about; nil where there is none.
    package static func callID(in reply: [UInt8]) -> String? {
        guard let document = try? JSONReader.value(of: reply[...]) else { return nil }
        return document["id"]?.string
    }
}
