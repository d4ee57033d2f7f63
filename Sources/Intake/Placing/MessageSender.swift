/// A text somebody wants sent from one source.
package struct MessageOrder: Sendable, Hashable {
    /// Our id of the message, claimed durably before the provider is asked.
    package var message: String
    package var to: String
    package var text: String
    package var from: String?

    package init(message: String, to: String, text: String, from: String? = nil) {
        self.message = message
        self.to = to
        self.text = text
        self.from = from
    }
}

/// Something through which texts can be sent, each asked for at most once.
package protocol MessageSender: Sendable {
    /// Durable before it returns, or the answer says that it is not.
    func sendMessage(_ order: MessageOrder) async -> PlacedCall
}
