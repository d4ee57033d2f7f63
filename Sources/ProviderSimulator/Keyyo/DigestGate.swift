internal import Synchronization

/// Challenges requests and checks their answers; a count used twice with one nonce is a replay and is refused.
///
/// Bound: 1 000 nonces, the oldest become stale.
final class DigestGate: Sendable {
    private struct State {
        var counts: [String: UInt32] = [:]
        var order: [String] = []
    }

    static let realm = "Keyyo"
    private static let opaque = RandomText.hexadecimal(32)

    private let algorithms: [DigestAlgorithm]
    private let password: String
    private let state = Mutex(State())

    init(algorithms: [DigestAlgorithm], password: String) {
        self.algorithms = algorithms
        self.password = password
    }

    /// Nil if the request may pass, else the challenge. The user is the line's number in international form.
    func challenge(_ request: Request, user: String?) -> Response? {
        guard let header = request.header("authorization"), let answer = DigestAnswer(header) else {
            return fresh(stale: false)
        }
        let isRight =
            algorithms.contains(answer.algorithm) && answer.realm == Self.realm && answer.opaque == Self.opaque
            && answer.uri == request.target && answer.qop == "auth" && !answer.cnonce.isEmpty
            && answer.username == user && answer.nonceCount.count == 8
            && answer.response == answer.expectedResponse(method: request.method, password: password)
        guard isRight, let count = UInt32(answer.nonceCount, radix: 16), count > 0 else { return fresh(stale: false) }
        let isFresh = state.withLock { state in
            guard let last = state.counts[answer.nonce], count > last else { return false }
            state.counts[answer.nonce] = count
            return true
        }
        return isFresh ? nil : fresh(stale: true)
    }

    private func fresh(stale: Bool) -> Response {
        let nonce = RandomText.hexadecimal(32)
        state.withLock { state in
            state.counts[nonce] = 0
            state.order.append(nonce)
            if state.order.count > 1_000 { state.counts[state.order.removeFirst()] = nil }
        }
        let headers = algorithms.map { algorithm in
            (
                name: "WWW-Authenticate",
                value: "Digest realm=\"\(Self.realm)\", qop=\"auth\", nonce=\"\(nonce)\", opaque=\"\(Self.opaque)\", "
                    + "algorithm=\(algorithm.rawValue)\(stale ? ", stale=true" : "")"
            )
        }
        return Response(401, headers: headers)
    }
}
