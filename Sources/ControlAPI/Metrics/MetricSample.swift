/// One value of a metric, with the labels that tell it from its siblings.
package struct MetricSample: Sendable, Hashable {
    package struct Label: Sendable, Hashable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package var labels: [Label]
    package var value: Double

    package init(_ value: Double, labels: [Label] = []) {
        self.labels = labels
        self.value = value
    }
}
