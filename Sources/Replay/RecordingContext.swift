package import CallModel
package import Providers

/// How a running daemon reads raw deliveries, and what must not be shown of them.
package struct RecordingContext: Sendable {
    package var limits: TrackerLimits
    /// Of the configured sources; what came from others cannot be read any more.
    package var decoders: [SourceName: any RecordableDecoder]
    /// Knows every secret of the configuration. What is kept was scrubbed before; this is the second look, which also
    /// catches a secret of one source in what another one sent.
    package var scrubber: SecretScrubber

    package init(
        limits: TrackerLimits = TrackerLimits(), decoders: [SourceName: any RecordableDecoder] = [:],
        scrubber: SecretScrubber = SecretScrubber(secrets: [])
    ) {
        self.limits = limits
        self.decoders = decoders
        self.scrubber = scrubber
    }

    /// Body and attributes without any configured secret.
    package func scrubbed(_ delivery: Delivery) -> Delivery {
        var delivery = delivery
        delivery.body = scrubber.scrub(delivery.body)
        delivery.attributes = delivery.attributes.mapValues { scrubber.scrub($0) }
        return delivery
    }

    /// The line that says how a source is read; nil where nobody knows any more, as it is not configured.
    ///
    /// - Parameter lines: those of our lines that were known before the recording begins.
    package func settingsLine(of source: SourceName, lines: [String]) -> [UInt8]? {
        decoders[source].map { RecordingWriter.settings(of: source, $0, lines: lines) }
    }
}
