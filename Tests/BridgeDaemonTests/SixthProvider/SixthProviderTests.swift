import BridgeConfiguration
import BridgeDaemon
import CallModel
import Providers
import Replay
import StreamSchema
import Testing

/// A provider of this directory's own, of which no file under `Sources/` knows: what a new provider needs is in the
/// five files `Pigeon…` and one line of registration, which here is the list handed in.
@Suite("A sixth provider, from outside") struct SixthProviderTests {
    /// As if `Pigeon.self` stood in `ShippedProviders`.
    private static let providers = ShippedProviders.all + [Pigeon.self]
    private static let catalog = ProviderCatalog(providers)
    private static let decoders = RecordedDecoders(providers)

    private static let configuration = """
        country: FR
        stdout: never
        sources:
          - name: roof
            provider: pigeon
            loft: "0199000001"
            secret: {value: "0123456789-roof-hook"}
            allow: [127.0.0.0/8]
        webhooks: {listen: "127.0.0.1:0"}
        """

    private func read(_ yaml: String, providers: ProviderCatalog = catalog) throws -> Configuration {
        try ConfigurationReader.read(
            bytes: Array(yaml.utf8), path: "c.yaml", mode: 0o600, credentialsDirectory: nil,
            providers: providers.settings)
    }

    private func errors(_ source: String, providers: ProviderCatalog = catalog) -> [String] {
        do throws(ConfigurationFailure) {
            _ = try ConfigurationReader.read(
                bytes: Array("country: FR\nwebhooks: {}\nsources:\n  - \(source)\n".utf8), path: "c.yaml", mode: 0o600,
                credentialsDirectory: nil, providers: providers.settings)
            return []
        } catch {
            return error.lines
        }
    }

    // MARK: - Configuration

    @Test func itsSettingsAreRead() throws {
        let source = try #require(try read(Self.configuration).sources.first)
        #expect(source.name.description == "pigeon/roof")
        let settings = try #require(source.provider as? PigeonSettings)
        #expect(settings.loft == "0199000001")
        #expect(settings.secrets.map(\.exposed) == ["0123456789-roof-hook"])
        #expect(settings.allow.map(\.text) == ["127.0.0.0/8"])
        #expect(source.provider.isPushed)
    }

    @Test(arguments: [
        (
            #"{name: a, provider: pigeon, loft: 0199000001, secret: {value: "0123456789-roof-hook"}}"#,
            ["c.yaml:4:39: 'loft' is an unquoted number; put it in quotes so that every digit is kept"]
        ),
        (
            #"{name: a, provider: pigeon, loft: "the roof", secret: {value: "0123456789-roof-hook"}}"#,
            ["c.yaml:4:39: 'loft' must be a phone number, in quotes"]
        ),
        (
            #"{name: a, provider: pigeon, loft: "0199000001", secret: {value: short}, grain: wheat}"#,
            [
                "c.yaml:4:62: 'secret' must be 16 to 128 characters of A-Z a-z 0-9 _ -, so that it cannot be guessed "
                    + "and a URL carries it unchanged",
                "c.yaml:4:77: unknown key 'grain' in the source; known here: allow, country, enabled, loft, name, "
                    + "provider, secret",
            ]
        ),
        (
            #"{name: a, provider: pigeom}"#,
            ["c.yaml:4:25: unknown provider; did you mean 'pigeon'?"]
        ),
    ])
    func itsMistakesHavePlaces(source: String, expected: [String]) {
        #expect(errors(source) == expected)
    }

    @Test func withoutItsRegistrationItDoesNotExist() {
        let known = ProviderCatalog.shipped.settings.map { $0.provider.rawValue }.sorted().joined(separator: ", ")
        #expect(
            errors("{name: a, provider: pigeon}", providers: .shipped)
                == ["c.yaml:4:25: unknown provider; known here: \(known)"])
    }

    /// What `--check-config` prints.
    @Test func itsURLIsPrinted() throws {
        let text = try read(Self.configuration).describe()
        #expect(
            text.contains(
                """
                  - name: roof
                    provider: pigeon
                    enabled: true
                    country: FR
                    loft: "0199000001"
                    secret: [redacted]
                    allow: ["127.0.0.0/8"]

                """))
        #expect(text.contains("# pigeon/roof: http://127.0.0.1:0/hooks/pigeon/roof/0123456789-roof-hook\n"))
    }

    // MARK: - The daemon

    @Test(.timeLimit(.minutes(1))) func itsCallsComeOutOfTheStream() async throws {
        try await BridgeUnderTest.run(Self.configuration, providers: Self.catalog) { daemon in
            let hook = "/hooks/pigeon/roof/0123456789-roof-hook"
            let ringing = #"{"call": "p-17", "state": "ringing", "from": "+33639980017", "to": "0199000001"}"#
            #expect(try await daemon.post(ringing, to: "/hooks/pigeon/roof/another-hook-secret") == 404)
            #expect(try await daemon.post("coo", to: hook) == 400)
            // 200 is the commit: what was acknowledged is in the journal, and its repetition is not.
            #expect(try await daemon.post(ringing, to: hook) == 200)
            #expect(try await daemon.post(ringing, to: hook) == 200)
            let lines = try await daemon.lines()
            let calls = lines.filter { $0.contains(#""type":"call."#) }
            #expect(calls.count == 1)
            let call = try #require(calls.first)
            #expect(call.contains(#""type":"call.ringing""#) && call.contains(#""source":"pigeon/roof""#))
            #expect(call.contains(#""direction":"inbound""#) && call.contains(#""number":"+33639980017""#))
            for line in lines { #expect(StreamSchema.events.violations(in: (line + "\n").utf8) == []) }
            let sources = try await daemon.get("/v1/sources")
            #expect(sources.contains(#""source":"pigeon/roof","state":"passive""#))
        }
    }

    @Test(.timeLimit(.minutes(1))) func whatItDoesNotUnderstandIsCounted() async throws {
        try await BridgeUnderTest.run(Self.configuration, providers: Self.catalog) { daemon in
            #expect(try await daemon.get("/v1/sources").contains(#""unparsed":0}"#))
            // Also what is the same again, of which the stream does not speak each time.
            for _ in 0..<2 {
                #expect(try await daemon.post("coo", to: "/hooks/pigeon/roof/0123456789-roof-hook") == 400)
            }
            #expect(try await daemon.get("/v1/sources").contains(#""unparsed":2}"#))
            let metrics = try await daemon.get("/metrics")
            #expect(metrics.contains(#"ctibridge_source_unparsed_total{source="pigeon/roof"} 2"#))
        }
    }

    // MARK: - Recordings

    /// What `ctibridge capture` fetches, `ctibridge replay` reads.
    @Test(.timeLimit(.minutes(1))) func itsRecordingIsReplayed() async throws {
        try await BridgeUnderTest.run(Self.configuration, providers: Self.catalog) { daemon in
            for state in ["ringing", "talking"] {
                let message = #"{"call": "p-17", "state": "\#(state)", "from": "+33639980017", "to": "0199000001"}"#
                #expect(try await daemon.post(message, to: "/hooks/pigeon/roof/0123456789-roof-hook") == 200)
            }
            let recorded = try await daemon.get("/v1/deliveries")
            #expect(recorded.contains(#""settings":{"country":"FR","loft":"0199000001"}"#))
            let recording = try RecordingReader.read(Array(recorded.utf8), decoders: Self.decoders)
            let replayed = Replayer.events(of: recording, letsTimePass: false).map(\.id.rawValue)
            let told = try await daemon.lines().compactMap { line in JSONValue.read(Array(line.utf8))?.object }
            let calls = told.filter { $0["type"]?.text?.hasPrefix("call.") == true }.compactMap { $0["id"]?.text }
            #expect(calls.count == 2 && replayed.filter(calls.contains) == calls)
        }
    }

    private static let recording = """
        {"source":"pigeon/roof","settings":{"country":"FR","loft":"01 99 00 00 01"}}
        {"at":0,"source":"pigeon/roof","kind":"webhook","body":{"call":"p-1","state":"ringing","from":"+33639980017","to":"0199000001"}}
        {"at":9000,"source":"pigeon/roof","kind":"webhook","body":{"call":"p-1","state":"over"}}
        {"at":20000,"source":"pigeon/roof","kind":"webhook","body":{"call":"p-2","state":"talking","from":"+33199000001","to":"0639980017"}}
        {"at":29000,"source":"pigeon/roof","kind":"webhook","body":{"call":"p-2","state":"over"}}
        """

    /// The number of the loft is in the settings and in what was sent: without it no call would be an outbound one.
    @Test func itsLoftIsHiddenEverywhereAlike() throws {
        let recording = try RecordingReader.read(Array(Self.recording.utf8), decoders: Self.decoders)
        let summaries = Replayer.events(of: recording).compactMap { draft -> CallData? in
            guard draft.type == .callSummary, case .call(let call) = draft.data else { return nil }
            return call
        }
        #expect(summaries.map(\.direction) == [.inbound, .outbound])
        #expect(summaries.map(\.outcome) == [.missed, .answered])

        let hidden = Anonymiser.anonymised(recording)
        #expect(RecordingOutline(hidden) == RecordingOutline(recording))
        let text = String(decoding: RecordingWriter.bytes(hidden), as: UTF8.self)
        #expect(!text.filter { $0 != " " }.contains("99000001") && !text.contains("39980017"))
        let delivered = try #require(hidden.deliveries.first.flatMap { JSONValue.read($0.body)?.object })
        let loft = try #require(delivered["to"]?.text)
        #expect(text.contains(#""settings":{"country":"FR","loft":"\#(loft)"}"#))
        // It is a recording like any other.
        let read = try RecordingReader.read(Array(text.utf8), decoders: Self.decoders)
        #expect(Replayer.events(of: read) == Replayer.events(of: hidden))
    }

    @Test func aRecordingWithoutItsLoftIsRefused() {
        #expect(throws: RecordingFault(line: 1, "\"loft\" is missing")) {
            try RecordingReader.read(
                Array(#"{"at":0,"source":"pigeon/roof","kind":"webhook"}"#.utf8), decoders: Self.decoders)
        }
    }

    @Test func withoutItsRegistrationItsRecordingsAreRefused() {
        let known = ShippedProviders.all.map { $0.id.rawValue }.sorted().joined(separator: ", ")
        #expect(throws: RecordingFault(line: 1, "\"pigeon\" is no provider known here; known are \(known)")) {
            try RecordingReader.read(Array(Self.recording.utf8))
        }
    }
}
