import CallModel
import Providers

/// What a recording comes to, without who took part: what must stay the same where numbers and names are replaced.
///
/// Call by call, as calls that do something in the same millisecond have no order among each other: it follows their
/// ids, and those follow from what the provider sent.
package struct RecordingOutline: Sendable, Equatable {
    /// Of each call when it was told what: type, state, outcome, direction, basis and legs; and when the calls that
    /// share its session began.
    package let calls: [String]
    /// When anything else was told.
    package let others: [String]

    package init(_ recording: Recording) {
        var told: [String: [String]] = [:]
        var sessions: [String: String] = [:]
        var others: [String] = []
        for draft in Replayer.events(of: recording) {
            guard case .call(let data) = draft.data else {
                others.append("\(draft.observed) \(draft.source) \(draft.type.rawValue)")
                continue
            }
            told[draft.subject, default: ["\(draft.source)"]].append("\(draft.observed) \(Self.text(draft.type, data))")
            sessions[draft.subject] = data.session
        }
        var members: [String: [String]] = [:]
        for (call, session) in sessions { members[session, default: []].append(told[call]?.dropFirst().first ?? "") }
        // As a digest, because a session may have thousands of calls, each of which would name all of them.
        let together = members.filter { $0.value.count > 1 }.mapValues { digest(of: $0.sorted(), bytes: 16) }
        calls = told.map { call, lines in
            (lines + (sessions[call].flatMap { together[$0] }.map { ["with \($0)"] } ?? [])).joined(separator: "; ")
        }.sorted()
        self.others = others.sorted()
    }

    private static func text(_ type: EventType, _ data: CallData) -> String {
        let basis = data.basis == .reported ? "reported" : "inferred"
        let legs = data.legs.map { "\($0.state.rawValue)/\($0.outcome?.rawValue ?? "-")" }.joined(separator: ",")
        return
            "\(type.rawValue) \(data.state.rawValue) \(data.outcome?.rawValue ?? "-") \(data.direction.rawValue) \(basis) \(legs)"
    }
}
