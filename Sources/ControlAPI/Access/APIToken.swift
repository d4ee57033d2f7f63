package import CallModel
package import Crypto

/// A bearer token (RFC 6750) for the API over TCP. Only its digest is kept.
package struct APIToken: Sendable {
    /// As configured; for logs.
    package let name: String
    /// Of the token's bytes: compared instead of the token, so that the time it takes tells nothing of it.
    package let digest: SHA256Digest
    /// Any other request with the token is answered `403`.
    package let may: Set<Grant>

    package init(name: String, token: Redacted<String>, may: Set<Grant>) {
        self.name = name
        digest = SHA256.hash(data: Array(token.exposed.utf8))
        self.may = may
    }
}
