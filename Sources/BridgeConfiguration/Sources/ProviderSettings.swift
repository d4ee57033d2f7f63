package import CallModel

/// What the configuration says about one source of one provider: read strictly, checked, printed again.
///
/// A conformer and its folder are all that this target knows of a provider. Which conformers there are is told to
/// `ConfigurationReader` by its caller, so that a new provider changes nothing here.
package protocol ProviderSettings: Sendable, Hashable {
    /// The word behind `provider:`, before the slash of the source's name and in the path of its hooks.
    static var provider: ProviderID { get }

    /// Whether the provider has closed this interface: a source of it must be switched on by `enabled: true`. False by
    /// default.
    static var isLegacy: Bool { get }

    /// Takes the provider's own keys out of a source; `name`, `provider`, `enabled` and `country` are taken already.
    ///
    /// Every problem is reported to `mapping`, at its place in the file, and reading goes on to find the next one. Nil
    /// where there are then no settings. A key that is not asked for here is an error of the file, so each is asked
    /// for, whatever the others say.
    static func read(_ mapping: MappingReader) -> Self?

    /// Prints every key, defaults too, in the form in which it is read; secrets as `[redacted]`.
    func write(to writer: inout YAMLWriter)

    /// Where the provider reports to us. None by default: then nothing needs to listen for this source.
    var hooks: [Hook] { get }

    /// Whether the source itself tells the provider the URL of its first hook, so that it must begin anew where that
    /// changes. False by default: a person pastes it.
    var tellsItsURL: Bool { get }

    /// How many file descriptors the source's own connections to the provider need at once. 4 by default.
    var descriptors: Int { get }
}

extension ProviderSettings {
    package static var isLegacy: Bool { false }

    /// The same, of a value whose type is not known.
    package var isLegacy: Bool { Self.isLegacy }

    package var hooks: [Hook] { [] }

    package var tellsItsURL: Bool { false }

    package var descriptors: Int { 4 }

    /// Whether the provider connects to us, so that a webhook listener must run.
    package var isPushed: Bool { !hooks.isEmpty }
}
