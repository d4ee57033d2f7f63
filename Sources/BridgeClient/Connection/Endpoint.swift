package import CallModel

/// Where the API of the daemon is.
package struct Endpoint: Sendable, Hashable {
    /// How the daemon is reached: a Unix socket, or TCP on loopback.
    package enum Address: Sendable, Hashable {
        case socket(path: String)
        case tcp(host: String, port: Int)
    }

    /// `api.socket` of the configuration as it is by default, in systemd's runtime directory.
    package static let defaultSocketPath = "/run/ctibridge/api.sock"
    /// `sun_path` of Linux is 108 bytes with its terminator (unix(7)).
    package static let maximumSocketPathBytes = 107

    package let address: Address
    /// Nil on a Unix socket, whose permissions say who may ask, and where `CTIBRIDGE_TOKEN` is not set.
    package let token: Redacted<String>?

    /// Refuses an empty path and one longer than `maximumSocketPathBytes`.
    package init(socketPath: String) throws(ClientFailure) {
        guard !socketPath.isEmpty else { throw .usage("the path of the API socket is empty") }
        guard socketPath.utf8.count <= Self.maximumSocketPathBytes else {
            throw .usage("the path of a socket has at most \(Self.maximumSocketPathBytes) bytes: \(socketPath)")
        }
        address = .socket(path: socketPath)
        token = nil
    }

    /// Reads `http://127.0.0.1:8481`.
    ///
    /// Only loopback, because the token would cross a network in clear.
    package init(url: String, token: String?) throws(ClientFailure) {
        let prefix = "http://"
        guard url.lowercased().hasPrefix(prefix) else {
            throw .usage("--url must begin with http:// and a loopback address, as http://127.0.0.1:8481: \(url)")
        }
        var authority = url.dropFirst(prefix.count)
        if authority.hasSuffix("/") { authority = authority.dropLast() }
        let host: Substring
        let rest: Substring
        if authority.hasPrefix("["), let bracket = authority.firstIndex(of: "]") {
            host = authority[authority.index(after: authority.startIndex)..<bracket]
            rest = authority[authority.index(after: bracket)...]
        } else {
            let colon = authority.firstIndex(of: ":") ?? authority.endIndex
            host = authority[..<colon]
            rest = authority[colon...]
        }
        guard rest.isEmpty || rest.hasPrefix(":"), let port = rest.isEmpty ? 80 : Int(rest.dropFirst()),
            (1...65_535).contains(port)
        else { throw .usage("--url takes a host and a port and nothing else, as http://127.0.0.1:8481: \(url)") }
        guard host == "localhost" || host == "::1" || Self.isLoopback(host) else {
            throw .usage(
                "--url takes loopback addresses only, because the token would cross the network in clear; "
                    + "forward a port with ssh -L 8481:127.0.0.1:8481 instead")
        }
        if let token, !token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
            throw .usage("the token in CTIBRIDGE_TOKEN has characters that no token has: is there a line break in it?")
        }
        address = .tcp(host: String(host), port: port)
        self.token = token.map { Redacted($0) }
    }

    /// The endpoint that was asked for: `--url` or `--socket`, else `CTIBRIDGE_SOCKET`, else the usual place.
    package static func resolve(
        socket: String?, url: String?, environment: (String) -> String?
    ) throws(ClientFailure) -> Endpoint {
        if let url {
            guard socket == nil else { throw .usage("--socket and --url exclude each other") }
            return try Endpoint(url: url, token: environment("CTIBRIDGE_TOKEN"))
        }
        return try Endpoint(socketPath: socket ?? environment("CTIBRIDGE_SOCKET") ?? defaultSocketPath)
    }

    /// The value of the `Host` header.
    var host: String {
        switch address {
        case .socket: "localhost"
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        }
    }

    private static func isLoopback(_ host: Substring) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}

extension Endpoint: CustomStringConvertible {
    package var description: String {
        switch address {
        case .socket(let path): path
        case .tcp: "http://\(host)"
        }
    }
}
