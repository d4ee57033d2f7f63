/// The live calls at one point of the stream: what every event up to and including `head` has made of them.
package struct HubSnapshot: Sendable {
    /// A reader goes on with the events after this one: no hole, no repeat.
    package let head: Int64
    /// In the order in which they became known.
    package let calls: [LiveCall]

    package init(head: Int64, calls: [LiveCall]) {
        self.head = head
        self.calls = calls
    }
}
