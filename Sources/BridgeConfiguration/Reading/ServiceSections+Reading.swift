import CallModel
import Yams

extension WebhookConfiguration {
    static func read(_ node: Node, in context: ReadingContext) -> WebhookConfiguration? {
        guard let mapping = MappingReader(node, what: "'webhooks'", context: context) else { return nil }
        let listen = mapping.listenAddress("listen", default: "127.0.0.1:8480")
        let publicURL = mapping.text("public_url").flatMap { mapping.baseURL($0, key: "public_url") }
        let hasTLS = mapping.has("tls")
        let tls = mapping.take("tls").flatMap { Self.tls($0, in: context) }
        let isBehindProxy = mapping.boolean("behind_proxy", default: false)
        let trustedProxies = mapping.addresses("trusted_proxies")
        mapping.finish()
        if let listen, !listen.value.isLoopback, !hasTLS, !isBehindProxy {
            context.report(
                "'listen' is not on loopback and would speak plain HTTP; add 'tls', or 'behind_proxy: true' where a "
                    + "proxy in front speaks TLS or the network is trusted",
                at: listen.position)
        }
        guard let listen else { return nil }
        return WebhookConfiguration(
            listen: listen.value, publicURL: publicURL, tls: tls, isBehindProxy: isBehindProxy,
            trustedProxies: trustedProxies)
    }

    private static func tls(_ node: Node, in context: ReadingContext) -> TLSFiles? {
        guard let mapping = MappingReader(node, what: "'tls'", context: context) else { return nil }
        let certificate = mapping.readablePath("certificate")
        let key = mapping.readablePath("key")
        mapping.finish()
        guard let certificate, let key else { return nil }
        let files = TLSFiles(certificate: certificate.value, key: key.value)
        if let reason = context.host.tls(files) { context.report("'tls': \(reason)", at: certificate.position) }
        return files
    }
}

extension SocketConfiguration {
    static let standard = SocketConfiguration(path: "events.sock", mode: 0o660, group: nil, numbers: .clear)

    static func readAll(_ node: Node, in context: ReadingContext) -> [Located<SocketConfiguration>] {
        guard let items = context.list(node, what: "'sockets'") else { return [] }
        guard items.count <= 16 else {
            context.report("'sockets' holds more than 16 entries", at: node.position)
            return []
        }
        return items.compactMap { item in
            guard let mapping = MappingReader(item, what: "the socket", context: context) else { return nil }
            let written = mapping.requiredText("path", "a file name in the runtime directory, or an absolute path")
            let path = written.flatMap { mapping.socketPath($0, key: "path") }
            let mode = mapping.mode("mode", default: 0o660)
            let group = mapping.group("group")
            let numbers = mapping.choice("numbers", default: Numbers.clear)
            mapping.finish()
            guard let path, let written else { return nil }
            return Located(
                SocketConfiguration(path: path, mode: mode, group: group, numbers: numbers), written.position)
        }
    }
}

extension APIConfiguration {
    static let standardGroup = SocketGroup(name: "ctibridge-admin", isRequired: false)
    static let standard = APIConfiguration(
        socket: "api.sock", socketMode: 0o660, socketGroup: standardGroup, http: nil)

    /// The configuration and where the socket's path stands.
    static func read(_ node: Node, in context: ReadingContext) -> Located<APIConfiguration>? {
        guard let mapping = MappingReader(node, what: "'api'", context: context) else { return nil }
        var path = Located("api.sock", mapping.position)
        var mode: UInt32 = 0o660
        var group: SocketGroup? = standardGroup
        if let socket = mapping.take("socket") {
            if case .mapping = socket {
                if let details = MappingReader(socket, what: "'socket'", context: context) {
                    path = details.text("path") ?? path
                    mode = details.mode("mode", default: mode)
                    group = details.group("group") ?? group
                    details.finish()
                }
            } else {
                path = context.text(socket, what: "'socket'") ?? path
            }
        }
        let checked = mapping.socketPath(path, key: "socket")
        let http = mapping.take("http").flatMap { HTTP.read($0, in: context) }
        mapping.finish()
        return Located(
            APIConfiguration(
                socket: checked ?? standard.socket, socketMode: mode, socketGroup: group, http: http), path.position)
    }
}

extension APIConfiguration.HTTP {
    fileprivate static func read(_ node: Node, in context: ReadingContext) -> APIConfiguration.HTTP? {
        guard let mapping = MappingReader(node, what: "'http'", context: context) else { return nil }
        let listen = mapping.listenAddress("listen", default: nil)
        let isBehindProxy = mapping.boolean("behind_proxy", default: false)
        let tokens =
            mapping.require("tokens", "a list of {name: ..., credential: ..., may: [read]}")
            .map { Self.tokens($0, in: context) } ?? []
        mapping.finish()
        if let listen, !listen.value.isLoopback, !isBehindProxy {
            context.report(
                "'listen' is not on loopback and would take tokens in the clear; put a proxy that speaks TLS in front "
                    + "and add 'behind_proxy: true'",
                at: listen.position)
        }
        guard let listen, !tokens.isEmpty else { return nil }
        return APIConfiguration.HTTP(listen: listen.value, isBehindProxy: isBehindProxy, tokens: tokens)
    }

    private static func tokens(_ node: Node, in context: ReadingContext) -> [APIConfiguration.Token] {
        guard let items = context.list(node, what: "'tokens'") else { return [] }
        guard (1...100).contains(items.count) else {
            context.report("'tokens' must hold 1 to 100 entries; it holds \(items.count)", at: node.position)
            return []
        }
        var names: [String: Position] = [:]
        var secrets: [Redacted<String>: Position] = [:]
        return items.compactMap { item in
            guard let mapping = MappingReader(item, what: "the token", context: context, hidesKeys: true) else {
                return nil
            }
            let name = tokenName(in: mapping)
            let may = permissions(in: mapping)
            let secret = context.secret(in: mapping, what: "the token", rule: .bearer)
            mapping.finish()
            if let name, let earlier = names.updateValue(name.position, forKey: name.value) {
                context.report(
                    "the name '\(name.value)' is taken by the token in line \(earlier.line)", at: name.position)
            }
            if let secret, let earlier = secrets.updateValue(secret.position, forKey: secret.value) {
                context.report(
                    "the same secret as the token in line \(earlier.line); give each holder its own",
                    at: secret.position)
            }
            guard let name, let secret else { return nil }
            return APIConfiguration.Token(name: name.value, secret: secret.value, may: may)
        }
    }

    private static func tokenName(in mapping: MappingReader) -> Located<String>? {
        guard let name = mapping.requiredText("name", "who holds the token") else { return nil }
        guard name.value.utf8.count <= 32, name.value.utf8.allSatisfy(CharacterSets.isURLSafe) else {
            mapping.context.report(
                "a token's name is 1 to 32 characters of A-Z a-z 0-9 _ -", at: name.position)
            return nil
        }
        return name
    }

    private static func permissions(in mapping: MappingReader) -> Set<APIConfiguration.Permission> {
        let words = APIConfiguration.Permission.allCases.map(\.rawValue)
        guard let node = mapping.take("may") else { return [.read] }
        guard let items = mapping.context.list(node, what: "'may'") else { return [] }
        if items.isEmpty {
            mapping.context.report(
                "'may' is empty; name some of \(words.joined(separator: ", "))", at: node.position)
        }
        var permissions: Set<APIConfiguration.Permission> = []
        for item in items {
            guard let word = mapping.context.text(item, what: "an entry of 'may'") else { continue }
            guard let permission = APIConfiguration.Permission(rawValue: word.value) else {
                mapping.context.report(
                    "an entry of 'may' must be one of \(words.joined(separator: ", "))", at: word.position)
                continue
            }
            permissions.insert(permission)
        }
        return permissions
    }
}
