import ArgumentParser
import BridgeClient
import CallModel

/// Reads arguments that are more than a word, and says how they should look.
enum TypedArguments {
    static func time(_ text: String) throws -> Timestamp {
        guard let time = Timestamp(typed: text, now: ClientProcess.now) else {
            throw ValidationError("give how long ago (90s, 30m, 2h, 7d) or a time (2026-11-21T09:30:00Z)")
        }
        return time
    }

    /// Ends the command where a text cannot be meant as a number to call; the daemon would refuse it, too.
    static func requireDiallable(_ text: String) throws {
        do throws(UndiallableNumber) { _ = try NumberPlan.dialled(text) } catch {
            throw ValidationError("give a number to call: this one \(error)")
        }
    }

    /// An empty one comes from a script whose variable is not set.
    static func callID(_ text: String) throws -> String {
        guard !text.isEmpty else { throw ValidationError("give the id of a call: this one is empty") }
        return text
    }

    static func start(_ text: String) throws -> TailRequest.Start {
        if text == "oldest" { return .oldest }
        guard let cursor = Cursor(text) else {
            throw ValidationError("give a cursor (epoch:seq, both from an event) or oldest")
        }
        return .after(cursor)
    }

    static func outcomes(_ text: String) throws -> [Outcome] {
        try list(text, of: Outcome.allCases)
    }

    static func states(_ text: String) throws -> [CallState] {
        try list(text, of: CallListRequest.liveStates + [.ended])
    }

    private static func list<Value: RawRepresentable>(
        _ text: String, of known: [Value]
    ) throws -> [Value] where Value.RawValue == String {
        try text.split(separator: ",", omittingEmptySubsequences: false).map { word in
            guard let value = known.first(where: { $0.rawValue == word }) else {
                throw ValidationError("known are \(known.map(\.rawValue).joined(separator: ", "))")
            }
            return value
        }
    }
}
