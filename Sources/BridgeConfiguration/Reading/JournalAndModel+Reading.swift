import CallModel
import Yams

extension JournalConfiguration {
    static let standard = JournalConfiguration(retention: .days(180), maxSize: 2 << 30, raw: .days(7))

    static func read(_ node: Node, in context: ReadingContext) -> JournalConfiguration {
        guard let mapping = MappingReader(node, what: "'journal'", context: context) else { return standard }
        let bounds: ClosedRange<Span> = .hours(1)...(.days(3_650))
        let checked = mapping.checkedDuration("retention", default: standard.retention, in: bounds)
        let retention = checked ?? standard.retention
        let maxSize = mapping.size("max_size", default: standard.maxSize, in: (16 << 20)...(1 << 40))
        let rawPosition = mapping.position(of: "raw")
        let shorter = min(standard.raw, retention)
        let raw = mapping.duration("raw", default: shorter, in: bounds)
        mapping.finish()
        if checked != nil, raw > retention {
            context.report(
                "'raw' is longer than 'retention' (\(DurationText.write(retention))); raw deliveries cannot outlive "
                    + "their events",
                at: rawPosition)
        }
        return JournalConfiguration(retention: retention, maxSize: maxSize, raw: raw)
    }
}

extension TrackerLimits {
    static func read(_ node: Node, in context: ReadingContext) -> TrackerLimits {
        var limits = TrackerLimits()
        guard let mapping = MappingReader(node, what: "'model'", context: context) else { return limits }
        let waits: ClosedRange<Span> = .seconds(1)...(.days(7))
        limits.settle = mapping.duration("settle", default: limits.settle, in: .milliseconds(0)...(.minutes(1)))
        limits.maxInitiated = mapping.duration("max_initiated", default: limits.maxInitiated, in: waits)
        limits.maxRinging = mapping.duration("max_ringing", default: limits.maxRinging, in: waits)
        limits.maxQueued = mapping.duration("max_queued", default: limits.maxQueued, in: waits)
        limits.maxConnected = mapping.duration("max_connected", default: limits.maxConnected, in: waits)
        mapping.finish()
        return limits
    }
}
