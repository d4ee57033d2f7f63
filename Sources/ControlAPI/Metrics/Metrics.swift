import Synchronization

/// The metrics of the daemon, written as Prometheus text (exposition format 0.0.4) when somebody asks.
///
/// Names begin with `ctibridge_`; counts end in `_total`, times are in seconds. Parts that must not know of this
/// target count through a closure: `{ counter.add() }`, or are read through `collect`.
package final class Metrics: Sendable {
    /// What Prometheus is told that a collected metric is.
    package enum Kind: String, Sendable { case counter, gauge }

    private enum Content {
        case counters([(labels: [MetricSample.Label], counter: MetricCounter)])
        case collected(Kind, @Sendable () -> [MetricSample])
        case histogram(MetricHistogram)
    }

    private struct Family {
        let name: String
        let help: String
        var content: Content
    }

    private let families = Mutex<[Family]>([])

    package init() {}

    /// The counter of this name and these labels; the same one when asked for again.
    package func counter(_ name: String, help: String, labels: [MetricSample.Label] = []) -> MetricCounter {
        families.withLock { families in
            let counter = MetricCounter()
            guard let index = families.firstIndex(where: { $0.name == name }) else {
                families.append(Family(name: name, help: help, content: .counters([(labels, counter)])))
                return counter
            }
            guard case .counters(var counters) = families[index].content else { return counter }
            if let known = counters.first(where: { $0.labels == labels }) { return known.counter }
            counters.append((labels, counter))
            families[index].content = .counters(counters)
            return counter
        }
    }

    /// A metric that is read when it is asked for. `read` must be quick and must not come back here.
    package func collect(
        _ name: String, help: String, kind: Kind = .gauge, _ read: @escaping @Sendable () -> [MetricSample]
    ) {
        let family = Family(name: name, help: help, content: .collected(kind, read))
        families.withLock { families in
            families.removeAll { $0.name == name }
            families.append(family)
        }
    }

    /// The histogram of this name; the same one when asked for again.
    package func histogram(
        _ name: String, help: String, bounds: [Int64] = MetricHistogram.defaultBounds
    ) -> MetricHistogram {
        families.withLock { families in
            for family in families where family.name == name {
                if case .histogram(let histogram) = family.content { return histogram }
            }
            let histogram = MetricHistogram(bounds: bounds)
            families.append(Family(name: name, help: help, content: .histogram(histogram)))
            return histogram
        }
    }

    /// The one latency that matters: from the arrival of a delivery to the commit that made it durable.
    package var deliveryToDurable: MetricHistogram {
        histogram(
            "ctibridge_delivery_durable_seconds", help: "Time from the arrival of a delivery to its durable commit."
        )
    }

    /// Everything, as Prometheus reads it.
    package func text() -> String {
        let families = families.withLock { $0 }
        var text = PrometheusText()
        for family in families {
            switch family.content {
            case .counters(let counters):
                text.family(family.name, family.help, Kind.counter.rawValue)
                for (labels, counter) in counters { text.sample(family.name, labels, Double(counter.value)) }
            case .collected(let kind, let read):
                text.family(family.name, family.help, kind.rawValue)
                for sample in read() { text.sample(family.name, sample.labels, sample.value) }
            case .histogram(let histogram):
                text.histogram(family.name, family.help, histogram)
            }
        }
        return text.result
    }
}
