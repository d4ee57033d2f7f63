/// What a secret must look like beyond being one line of text.
package struct SecretRule: Sendable {
    let lengths: ClosedRange<Int>
    let admits: @Sendable (UInt8) -> Bool
    /// Completes "… must be".
    let words: String

    /// How a secret is written, for hints.
    package static let hint = "{credential: name}, {file: /path} or {value: \"...\"}"

    /// For passwords, of which the provider says what they may be.
    package static let any = SecretRule(
        lengths: 1...SecretResolver.maximumBytes, admits: { _ in true }, words: "a text")
    /// An OVH token is a UUID in every sample; other forms are let through as long as a URL can carry them.
    package static let token = SecretRule(
        lengths: 1...256, admits: CharacterSets.isVisible, words: "at most 256 visible ASCII characters, no blanks")
    /// A path segment: 16 characters of 64 kinds are 96 bits.
    package static let pathSegment = SecretRule(
        lengths: 16...128, admits: CharacterSets.isURLSafe,
        words: "16 to 128 characters of A-Z a-z 0-9 _ -, so that it cannot be guessed and a URL carries it unchanged")
    /// For tokens of our own API.
    package static let bearer = SecretRule(
        lengths: 16...256, admits: CharacterSets.isVisible,
        words: "16 to 256 visible ASCII characters, so that it cannot be guessed")

    func accepts(_ secret: String) -> Bool {
        lengths.contains(secret.utf8.count) && secret.utf8.allSatisfy(admits)
    }
}
