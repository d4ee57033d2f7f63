import CallModel
import Glibc
import Yams

/// Reads the configuration file, all of it, and either returns it or says everything that is wrong with it.
package enum ConfigurationReader {
    /// A longer file is refused; the largest sensible one has a few hundred lines.
    package static let maximumBytes = 1 << 20

    /// Reads the file at `path` and every secret it names.
    ///
    /// `credentialsDirectory` is `$CREDENTIALS_DIRECTORY`; without one, credentials are read from `credentials` beside
    /// the file. `providers` are those that a source may name, `host` checks what the file says of the machine. Does
    /// blocking I/O.
    package static func read(
        path: String, credentialsDirectory: String?, providers: [any ProviderSettings.Type], host: HostChecks = .none
    ) throws(ConfigurationFailure) -> Configuration {
        let (bytes, mode) = try contents(of: path)
        return try read(
            bytes: bytes, path: path, mode: mode, credentialsDirectory: credentialsDirectory, providers: providers,
            host: host)
    }

    /// The same for text that is in memory; `mode` are the permission bits of the file it came from.
    package static func read(
        bytes: [UInt8], path: String, mode: UInt32, credentialsDirectory: String?,
        providers: [any ProviderSettings.Type], host: HostChecks = .none
    ) throws(ConfigurationFailure) -> Configuration {
        guard bytes.count <= maximumBytes else {
            throw .invalid(path, .start, "the file is larger than 1 MiB; a configuration is much smaller")
        }
        let text: SourceText
        do {
            text = try SourceText(bytes)
        } catch {
            throw .invalid(path, error.position, error.message)
        }
        let document: ComposedDocument
        do {
            document = try ComposedDocument(text)
        } catch {
            throw .invalid(path: path, errors: error.errors.sorted { $0.position < $1.position })
        }
        let secrets = SecretResolver(
            credentialsDirectory: credentialsDirectory.flatMap { $0.isEmpty ? nil : $0 },
            ownDirectory: directory(of: path) + "/credentials", configurationMode: mode)
        let context = ReadingContext(document: document, secrets: secrets, host: host)
        let configuration = configuration(document.root, providers, in: context)
        guard context.errors.isEmpty, let configuration else {
            throw .invalid(path: path, errors: context.errors)
        }
        return configuration
    }

    private static func configuration(
        _ root: Node?, _ providers: [any ProviderSettings.Type], in context: ReadingContext
    ) -> Configuration? {
        let what = "the configuration"
        let mapping: MappingReader
        if let root {
            guard let given = MappingReader(root, what: what, context: context) else { return nil }
            mapping = given
        } else {
            mapping = MappingReader(emptyAt: .start, what: what, context: context)
        }
        let hasCountry = mapping.has("country")
        let country = mapping.country()
        let stdout = mapping.choice("stdout", default: Configuration.StandardOutput.auto)
        var reader = SourcesReader(
            context: context, country: country, reportsMissingCountry: !hasCountry, providers: providers)
        let sources = mapping.require("sources", "the list of accounts to follow, or []").map { reader.read($0) } ?? []
        let hasWebhooks = mapping.has("webhooks")
        let webhooks = mapping.take("webhooks").flatMap { WebhookConfiguration.read($0, in: context) }
        if !hasWebhooks, let pushed = reader.firstPushed {
            context.report(
                "the provider of source '\(pushed.value)' connects to us; add a 'webhooks' section with 'listen'",
                at: pushed.position)
        }
        let sockets = mapping.take("sockets").map { SocketConfiguration.readAll($0, in: context) }
        let api = mapping.take("api").flatMap { APIConfiguration.read($0, in: context) }
        let journal = mapping.take("journal").map { JournalConfiguration.read($0, in: context) }
        let model = mapping.take("model").map { TrackerLimits.read($0, in: context) }
        mapping.finish()
        reportSharedPaths(sockets ?? [], api, in: context)
        return Configuration(
            country: country, stdout: stdout, sources: sources, webhooks: webhooks,
            sockets: sockets?.map(\.value) ?? [.standard], api: api?.value ?? .standard, journal: journal ?? .standard,
            model: model ?? TrackerLimits())
    }

    private static func reportSharedPaths(
        _ sockets: [Located<SocketConfiguration>], _ api: Located<APIConfiguration>?, in context: ReadingContext
    ) {
        var paths: Set<String> = [api?.value.socket ?? APIConfiguration.standard.socket]
        for socket in sockets where !paths.insert(socket.value.path).inserted {
            context.report("another socket has this path; give each its own", at: socket.position)
        }
    }

    private static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "" : String(path[..<slash])
    }

    private static func contents(
        of path: String
    ) throws(ConfigurationFailure) -> (bytes: [UInt8], mode: UInt32) {
        func failure() -> ConfigurationFailure {
            .unreadable(path: path, reason: String(cString: strerror(errno)))
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure() }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure() }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        // One byte too many is read, and refused later.
        while bytes.count <= maximumBytes {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure() }
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        return (bytes, status.st_mode & 0o777)
    }
}

extension ConfigurationFailure {
    fileprivate static func invalid(_ path: String, _ position: Position, _ message: String) -> ConfigurationFailure {
        .invalid(path: path, errors: [ConfigurationError(position: position, message: message)])
    }
}
