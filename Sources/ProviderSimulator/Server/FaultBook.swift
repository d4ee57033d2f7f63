internal import Synchronization

/// The faults that wait for a request. Bound: 1 000, the oldest is dropped.
final class FaultBook: Sendable {
    private struct Entry {
        let fault: Fault
        var left: Int
    }

    private let entries = Mutex<[Entry]>([])

    func add(_ fault: Fault) {
        entries.withLock { entries in
            if entries.count >= 1_000 { entries.removeFirst() }
            entries.append(Entry(fault: fault, left: fault.count))
        }
    }

    /// The first fault meant for this request, used up by one.
    func take(
        _ provider: ProviderName, isPush: Bool = false, keys: Set<String>, method: String, path: String
    ) -> Fault? {
        entries.withLock { entries in
            let match = entries.firstIndex {
                $0.fault.concerns(provider, isPush: isPush, keys: keys, method: method, path: path)
            }
            guard let match else { return nil }
            entries[match].left -= 1
            let fault = entries[match].fault
            if entries[match].left == 0 { entries.remove(at: match) }
            return fault
        }
    }

    func clear() {
        entries.withLock { $0.removeAll() }
    }
}
