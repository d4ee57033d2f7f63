import CallModel
import ControlAPI
import EventJournal
import Fanout

/// The figures of the daemon that are read when somebody asks.
enum BridgeMetrics {
    static func install(in metrics: Metrics, pipeline: Pipeline, hub: StreamHub, supervisor: SourceSupervisor) {
        metrics.collect("ctibridge_journal_head", help: "Position of the newest event.") {
            [MetricSample(Double(hub.head))]
        }
        metrics.collect("ctibridge_calls_open", help: "Calls that are not over.") {
            [MetricSample(Double(pipeline.board.count))]
        }
        metrics.collect("ctibridge_deliveries_waiting", help: "Deliveries waiting for the journal.") {
            [MetricSample(Double(pipeline.backlog))]
        }
        metrics.collect("ctibridge_journal_writable", help: "1 while the journal can be written.") {
            [MetricSample(pipeline.trouble == nil ? 1 : 0)]
        }
        metrics.collect("ctibridge_subscribers", help: "Readers of the stream.") {
            [MetricSample(Double(hub.subscribers.count))]
        }
        metrics.collect("ctibridge_source_up", help: "1 for a source that is not down.") {
            supervisor.sources().map { status in
                MetricSample(status.state == .down ? 0 : 1, labels: [.init("source", status.source.description)])
            }
        }
        metrics.collect(
            "ctibridge_source_clock_skew_seconds", help: "How far the clock of a source is ahead of ours, where known."
        ) {
            supervisor.sources().compactMap { status in
                status.clockSkew.map {
                    MetricSample(
                        Double($0.milliseconds) / 1_000, labels: [.init("source", status.source.description)])
                }
            }
        }
        for counter in ["polls", "failures", "deliveries", "unparsed"] {
            metrics.collect(
                "ctibridge_source_\(counter)_total", help: "Since the start of the daemon, by source.", kind: .counter
            ) {
                supervisor.sources().map { status in
                    MetricSample(
                        Double(status.counters[counter] ?? 0),
                        labels: [.init("source", status.source.description)])
                }
            }
        }
    }
}
