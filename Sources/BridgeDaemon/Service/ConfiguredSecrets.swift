import BridgeConfiguration
import CallModel

extension Configuration {
    /// Every secret in the configuration, wherever a provider's settings keep it: found by type and not by name, so
    /// that a provider that is new cannot be forgotten here.
    var secrets: [Redacted<String>] {
        var found: Set<Redacted<String>> = []
        Self.collect(from: self, depth: 0, &found)
        return found.sorted { $0.exposed < $1.exposed }
    }

    private static func collect(from value: Any, depth: Int, _ found: inout Set<Redacted<String>>) {
        if let secret = value as? Redacted<String> {
            // A single character is no secret, and taking it out would take everything apart.
            if secret.exposed.count > 3 { found.insert(secret) }
            return
        }
        guard depth < 12, !(value is String) else { return }
        for child in Mirror(reflecting: value).children { collect(from: child.value, depth: depth + 1, &found) }
    }
}
