import CallModel
import Yams

/// What one reading of a file has found out so far: every error, in any order.
final class ReadingContext {
    private let document: ComposedDocument
    let secrets: SecretResolver
    let host: HostChecks
    private var found: Set<ConfigurationError> = []
    /// Where each credential was given that one source has to itself.
    private var claims: [ProviderID: [Redacted<String>: Position]] = [:]

    init(document: ComposedDocument, secrets: SecretResolver, host: HostChecks) {
        self.document = document
        self.secrets = secrets
        self.host = host
        found = Set(document.faults)
    }

    /// What the key at this place is called in the file, where that is not what the document says.
    func name(ofKeyAt position: Position) -> String? { document.renamedKeys[position] }

    /// In the order of the file.
    var errors: [ConfigurationError] {
        found.sorted { ($0.position, $0.message) < ($1.position, $1.message) }
    }

    func report(_ message: String, at position: Position) {
        found.insert(ConfigurationError(position: position, message: message))
    }

    /// Notes that a source has the credential to itself. Where another one claimed it before.
    func claim(_ credential: Located<Redacted<String>>, of provider: ProviderID) -> Position? {
        if let earlier = claims[provider]?[credential.value] { return earlier }
        claims[provider, default: [:]][credential.value] = credential.position
        return nil
    }

    /// Whether a node may be looked at. One with a tag, and an alias, which stands for a value that is somewhere else,
    /// are among the faults of the document and left alone.
    func admits(_ node: Node) -> Bool {
        node.beginsWithItsFirstKey || !document.unreadable.contains(node.position)
    }
}
