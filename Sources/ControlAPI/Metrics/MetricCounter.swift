import Synchronization

/// A count that only grows. Any thread may count; handed to parts that know nothing of metrics as a closure.
package final class MetricCounter: Sendable {
    private let count = Atomic<Int64>(0)

    package func add(_ amount: Int64 = 1) {
        count.wrappingAdd(amount, ordering: .relaxed)
    }

    package var value: Int64 { count.load(ordering: .relaxed) }
}
