extension CallTracker {
    /// A call as lists and the API show it: with its outcome where it is over.
    package func presentation(of call: TrackedCall) -> CallData {
        guard !call.isOpen else { return call.data() }
        return call.data(
            concluding: conclusion(of: call), words: nil)
    }
}
