import BridgeConfiguration
import BridgeDaemon
import CallModel
import Providers
import Testing

/// One list of providers is enough only if each of them has what the daemon wants of it.
@Suite("The providers of a daemon") struct ProviderCatalogTests {
    /// Registered before its last file was written.
    private enum Fledgling: Provider {
        static let id: ProviderID = "fledgling"
        static let decoder: any RecordableDecoder.Type = PigeonDecoder.self
    }

    /// A copy of which the settings were forgotten.
    private enum Magpie: TelephonyProvider {
        static let id: ProviderID = "magpie"
        static let decoder: any RecordableDecoder.Type = PigeonDecoder.self

        static func source(_ settings: PigeonSettings, _ context: SourceContext) -> RunningSource {
            Pigeon.source(settings, context)
        }
    }

    @Test func whatIsShippedIsWhole() {
        #expect(ProviderCatalog.faults(of: ShippedProviders.all) == [])
        #expect(ProviderCatalog.shipped.settings.map { $0.provider } == ShippedProviders.all.map { $0.id })
    }

    @Test func aProviderWithoutItsSourceIsTold() {
        #expect(
            ProviderCatalog.faults(of: [OVH.self, Fledgling.self]) == [
                "Fledgling is no TelephonyProvider: Sources/BridgeDaemon/Sources/Fledgling+TelephonyProvider.swift is "
                    + "missing, or does not say so"
            ])
    }

    @Test func settingsOfAnotherProviderAreTold() {
        #expect(
            ProviderCatalog.faults(of: [Magpie.self])
                == ["PigeonSettings is for 'pigeon', and Magpie is 'magpie'"])
    }

    @Test func oneWordIsOneProvider() {
        #expect(
            ProviderCatalog.faults(of: ShippedProviders.all + [Keyyo.self]) == ["two providers share the word 'keyyo'"])
    }
}
