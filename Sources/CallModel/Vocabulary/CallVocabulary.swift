/// The states of a call, in the terms of CSTA (ECMA-269). See `docs/events.md`, States.
package enum CallState: String, Sendable, Codable {
    case initiated, queued, ringing, connected, held, ended

    /// How far a call in this state has come. A call only moves to a higher rank, except that `connected` and `held`
    /// alternate.
    package var rank: Int {
        switch self {
        case .initiated: 0
        case .queued: 1
        case .ringing: 2
        case .connected, .held: 3
        case .ended: 4
        }
    }
}

/// Seen from our line.
package enum Direction: String, Sendable, Codable {
    case inbound, outbound, `internal`, unknown
}

/// How a call, or one leg of it, came out. See `docs/events.md`, Sessions and outcomes.
package enum Outcome: String, Sendable, Codable, CaseIterable {
    case answered, voicemail, missed, abandoned
    case answeredElsewhere = "answered_elsewhere"
    case noAnswer = "no_answer"
    case busy, rejected, cancelled, transferred, failed, blocked, unknown
}

/// Who or what took a call, where the provider tells (answering machine detection, a mailbox's number).
package enum AnsweredBy: String, Sendable, Codable {
    case person, machine, fax, voicemail, unknown
}

/// Whether the provider said it or we concluded it, and then why.
package enum Basis: Hashable, Sendable, Codable {
    case reported
    case inferred(why: String)
}

/// Why a call or leg ended.
package struct Cause: Hashable, Sendable, Codable {
    /// Ours where we know better (`lost`), else the provider's word in lower case.
    package var code: String?
    /// Whose doing the end was; `unknown` where the provider does not say.
    package var by: Side
    /// The provider's own word.
    package var raw: String?

    package enum Side: String, Sendable, Codable {
        case local, remote, network, system, unknown
    }

    package init(code: String? = nil, by: Side = .unknown, raw: String? = nil) {
        self.code = code
        self.by = by
        self.raw = raw
    }
}

/// One device that takes part in a call: a queue agent, a phone of a group.
package struct Leg: Hashable, Sendable, Codable {
    /// The provider's name of the device's line. Nil where it names the agent alone.
    package var line: String?
    package var agent: String?
    package var state: CallState
    /// Nil while the leg goes on.
    package var outcome: Outcome?

    package init(line: String? = nil, agent: String? = nil, state: CallState, outcome: Outcome? = nil) {
        self.line = line
        self.agent = agent
        self.state = state
        self.outcome = outcome
    }
}

/// A stay of a caller in a queue.
package struct QueueStay: Hashable, Sendable, Codable {
    package var name: String
    /// Who serves the caller, or did: nobody who was only rung or being connected in vain.
    package var agent: String?
    package var wait: Span?

    package init(name: String, agent: String? = nil, wait: Span? = nil) {
        self.name = name
        self.agent = agent
        self.wait = wait
    }
}

/// Control of a call that went from one telephone to another.
package struct Transfer: Hashable, Sendable, Codable {
    package var kind: Kind
    /// Who had the call: a number, or a line by its name. Nil where the provider does not say.
    package var from: String?
    package var to: String?

    package enum Kind: String, Sendable, Codable {
        case blind, attended, pickup, redirect, unknown
    }

    package init(kind: Kind, from: String? = nil, to: String? = nil) {
        self.kind = kind
        self.from = from
        self.to = to
    }
}

/// The provider's own words and ids, verbatim, secrets removed.
package struct ProviderWords: Hashable, Sendable, Codable {
    /// The word that made the fact: `start_ringing`, `CONNECT`.
    package var event: String?
    package var call: String?
    /// Keyyo's DREF: one of several telephones of a call.
    package var dialog: String?
    package var replaces: String?
    package var session: String?
    /// What had to be assumed to read the words, or was said beside them. Few, and the same words every time.
    package var notes: [Note] = []

    /// The raw values are stable: `notes` of the stream, and what is stored of a call.
    package enum Note: String, Sendable, Codable {
        /// The bytes were no UTF-8 and were read as Windows-1252.
        case charsetAssumed = "charset_assumed"
        /// The time had no zone and was read as the source's own.
        case zoneAssumed = "zone_assumed"
        /// The call came over a reception number (Keyyo, `_IS_ACD_`).
        case viaReceptionNumber = "via_reception_number"
        /// A time that the provider sent was too far from now to be true and was left out.
        case timeDropped = "time_dropped"
    }

    package init(
        event: String? = nil, call: String? = nil, dialog: String? = nil, replaces: String? = nil,
        session: String? = nil
    ) {
        self.event = event
        self.call = call
        self.dialog = dialog
        self.replaces = replaces
        self.session = session
    }
}
