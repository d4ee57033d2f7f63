import CallModel
import Yams

/// What one reading of a file has found out so far: every error, in any order.
final class ReadingContext {
    let text: SourceText
    let repeatedKeys: [Position: String]
    let secrets: SecretResolver
    private var found: Set<ConfigurationError> = []
    /// Where each credential was given that one source has to itself.
    private var claims: [ProviderID: [Redacted<String>: Position]] = [:]

    init(text: SourceText, repeatedKeys: [Position: String], secrets: SecretResolver) {
        self.text = text
        self.repeatedKeys = repeatedKeys
        self.secrets = secrets
    }

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

    /// Whether a node may be looked at: one with an anchor or a tag is reported and left alone.
    ///
    /// Aliases need no look of their own: they are their anchor's node.
    func admits(_ node: Node) -> Bool {
        switch text.scalar(at: node.position) {
        case "&":
            report("an anchor ('&name'); aliases are not read, write the value out", at: node.position)
            return false
        case "!":
            report("a tag ('!name'); tags are not read, leave it out or put the text in quotes", at: node.position)
            return false
        default:
            return true
        }
    }
}
