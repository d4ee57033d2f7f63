package import CallModel

/// The names of parameters that no public document fixes, as a compatible server wants them.
package struct OrangeNames: Sendable, Hashable {
    /// The flag of `createCall` that makes the caller confirm; nil: not sent. (The guide's sample sends it under the
    /// name `1`, a variable's value used as a name.)
    package var confirmation: String?
    /// Of `createConference`; the guide describes the values and prints no name.
    package var accessMode = "access_mode"
    /// The list of `createConference`; that of `addCaller` is documented.
    package var callers = "caller_numbers"
    /// When a conference begins; nil: a conference that begins later is refused here, because a server that does not
    /// know the name would begin it at once.
    package var start: String?
    /// Parameters with a fixed value to be sent with every `createCall`, such as `private=true`.
    package var callConstants: [String: String] = [:]
    /// The same for every `sendSMS`, such as `ack`, `long_text`, `content_encoding`.
    package var messageConstants: [String: String] = [:]

    package init() {}
}

/// How to ask what became of a message: the guide names `getHistory` and its parameter, and nothing else.
package struct OrangeHistory: Sendable, Hashable {
    /// The whole URL without a query; nil: nobody is asked.
    package var url: String?
    /// Takes the provider's id of the message.
    package var parameter = "callid"
    /// The elements of the reply in which the word is looked for, in lower case. No public document names them.
    package var elements = ["message_status", "sms_status", "delivery_status", "state", "status", "ack"]
    /// What the provider's words mean; a word of ours means itself, any other is passed on. Keys in lower case.
    package var words: [String: MessageReport.Status] = [:]
    /// Between two questions about one message.
    package var interval = Span.seconds(60)
    /// A message is asked about no longer than this.
    package var maximumAge = Span.minutes(60)

    package init() {}

    /// What a word of the provider's means for a message.
    package func status(of word: String) -> MessageReport.Status {
        let word = word.lowercased()
        return words[word] ?? MessageReport.Status(rawValue: word) ?? .unknown
    }
}

/// What a compatible server calls the parameters of its conference notifications, and what its words mean. Nothing is
/// documented, so nothing is assumed: without names the notification is passed on and moves no call.
package struct OrangeNotifications: Sendable, Hashable {
    /// The parameter that holds the provider's id of the call; nil: the server sends none. So for the next two.
    package var call: String?
    package var conference: String?
    package var state: String?
    /// Keys in lower case.
    package var words: [String: Meaning] = [:]

    package init() {}

    /// A state of a call, or an outcome, which is also its end.
    package enum Meaning: Sendable, Hashable {
        case state(CallState)
        case ended(Outcome)

        /// `initiated`, `ringing`, `connected`, `held`, `ended`, or an outcome such as `no_answer`. Nil for anything
        /// else, and for `queued`, which no call of ours can be.
        package init?(_ text: String) {
            if let state = CallState(rawValue: text), state != .queued {
                self = .state(state)
            } else if let outcome = Outcome(rawValue: text) {
                self = .ended(outcome)
            } else {
                return nil
            }
        }
    }
}
