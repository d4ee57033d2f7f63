package import CallModel
package import Providers

/// A source that speaks the Orange API of 2010. Orange closed the service: this is for servers that speak the same.
package struct OrangeSettings: Sendable, Hashable {
    /// Where each service is.
    package struct Services: Sendable, Hashable {
        package let call: BaseURL
        package let conference: BaseURL
        package let sms: BaseURL
    }

    /// Travels in the URL of every request.
    package let accessKey: Redacted<String>
    package let services: Services
    /// The telephone that calls where an order names none.
    package let from: String?
    /// What texts come from where an order names nothing.
    package let sender: String?
    /// The unguessable path segments that are accepted; none: nothing is received.
    package let secrets: [Redacted<String>]
    /// Addresses that may send; empty: every address.
    package let allow: [AddressEntry]
    /// The parameters of our requests that no public document names.
    package let names: OrangeNames
    /// In which the text of messages is sent.
    package let charset: OrangeRequests.Charset
    /// How the provider is asked whether a message has arrived; without a URL nobody is asked.
    package let history: OrangeHistory
    /// What is received at the hook about guests of a conference.
    package let notifications: OrangeNotifications
    /// The same text from the same sender within this time is a repetition; nil: never.
    package let duplicateWindow: Span?
}
