import Crypto
import Synchronization

/// The tokens that are in force. Replaced as a whole by a reload.
final class TokenTable: Sendable {
    private let tokens: Mutex<[APIToken]>

    init(_ tokens: [APIToken]) {
        self.tokens = Mutex(tokens)
    }

    /// - Returns: the names of the tokens that are no longer in force, or allow less than before.
    func replace(_ new: [APIToken]) -> Set<String> {
        let old = tokens.withLock { tokens in
            defer { tokens = new }
            return tokens
        }
        return Set(
            old.filter { old in
                !new.contains { $0.name == old.name && $0.digest == old.digest && $0.may.isSuperset(of: old.may) }
            }.map(\.name)
        )
    }

    /// The token that an `Authorization` header presents; nil where it presents none that is in force.
    ///
    /// Digests are compared, in constant time, and against every token: neither where a guess differs nor which token
    /// it resembles can be measured.
    func token(authorization: String?) -> APIToken? {
        guard let authorization, let space = authorization.firstIndex(of: " "),
            authorization[..<space].lowercased() == "bearer"
        else { return nil }
        let presented = authorization[authorization.index(after: space)...].drop { $0 == " " }
        let digest = SHA256.hash(data: Array(presented.utf8))
        var found: APIToken?
        for token in tokens.withLock({ $0 }) where token.digest == digest { found = token }
        return found
    }
}
