/// A host and port on this machine.
///
/// The simulator plays providers without any secret worth the name, so it neither listens to nor calls other machines.
package struct LoopbackAddress: Sendable, Equatable, CustomStringConvertible {
    package let host: String
    /// 0 lets the kernel choose (listening only).
    package let port: Int

    /// Reads `127.0.0.1:8490`, `localhost:8490` or `[::1]:8490`.
    package init(_ text: String, defaultPort: Int? = nil) throws(SimulatorError) {
        var host = text[...]
        var port: Int? = defaultPort
        let afterHost = text.lastIndex(of: "]").map(text.index(after:)) ?? text.startIndex
        if let colon = text[afterHost...].lastIndex(of: ":") {
            let digits = text[text.index(after: colon)...]
            port = digits.allSatisfy { $0.isASCII && $0.isNumber } ? Int(digits) : nil
            host = text[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard let port, (0...65_535).contains(port) else {
            throw .invalid("\"\(text)\" has no port from 0 to 65535: write 127.0.0.1:8490")
        }
        guard Self.isLoopback(host) else {
            throw .invalid("\"\(text)\" is not on this machine: only 127.x.x.x, [::1] and localhost are allowed")
        }
        self.host = String(host)
        self.port = port
    }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    private static func isLoopback(_ host: Substring) -> Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
