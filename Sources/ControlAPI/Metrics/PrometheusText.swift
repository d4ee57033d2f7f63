/// Writes the Prometheus text format: https://prometheus.io/docs/instrumenting/exposition_formats/
struct PrometheusText {
    private(set) var result = ""

    mutating func family(_ name: String, _ help: String, _ type: String) {
        result += "# HELP \(name) \(escaped(help, quotes: false))\n# TYPE \(name) \(type)\n"
    }

    mutating func sample(_ name: String, _ labels: [MetricSample.Label], _ value: Double) {
        result += name
        if !labels.isEmpty {
            let pairs = labels.map { "\($0.name)=\"\(escaped($0.value, quotes: true))\"" }
            result += "{" + pairs.joined(separator: ",") + "}"
        }
        result += " \(number(value))\n"
    }

    mutating func histogram(_ name: String, _ help: String, _ histogram: MetricHistogram) {
        family(name, help, "histogram")
        let state = histogram.snapshot
        var count: Int64 = 0
        for (bound, inBucket) in zip(histogram.bounds, state.counts) {
            count += inBucket
            sample("\(name)_bucket", [.init("le", number(Double(bound) / 1_000))], Double(count))
        }
        count += state.counts.last ?? 0
        sample("\(name)_bucket", [.init("le", "+Inf")], Double(count))
        sample("\(name)_sum", [], Double(state.sum) / 1_000)
        sample("\(name)_count", [], Double(count))
    }

    private func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        // Whole numbers up to 2^53 without a fraction: easier on the eye, the same value.
        if value == value.rounded(), abs(value) < 9_007_199_254_740_992 { return String(Int64(value)) }
        return String(value)
    }

    private func escaped(_ text: String, quotes: Bool) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
