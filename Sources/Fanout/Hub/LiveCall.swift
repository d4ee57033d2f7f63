package import CallModel

/// A call that has not ended, as its last event described it.
package struct LiveCall: Sendable, Hashable {
    package let id: CallID
    package let source: SourceName
    package let data: CallData

    package init(id: CallID, source: SourceName, data: CallData) {
        self.id = id
        self.source = source
        self.data = data
    }
}
