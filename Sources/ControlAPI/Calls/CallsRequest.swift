import CallModel
import EventJournal

/// The query of `GET /v1/calls`.
enum CallsRequest {
    static let maximumLimit = 1_000
    static let defaultLimit = 100
    static let parameters = ["state", "outcome", "number", "since", "until", "limit"]
    static let states: [CallState] = [.initiated, .queued, .ringing, .connected, .held, .ended]

    /// - Parameter plans: by which a national number is understood.
    static func read(_ text: String?, now: Timestamp, plans: [NumberPlan]) throws(Problem) -> CallQuery {
        let query = try Query(text, allowed: parameters)
        return CallQuery(
            states: try query.list("state", of: states),
            outcomes: try query.list("outcome", of: Outcome.allCases),
            numbers: query["number"].map { NumberPlan.spellings(of: $0, in: plans) } ?? [],
            since: try query.time("since", now: now),
            until: try query.time("until", now: now),
            limit: try query.number("limit", in: 1...maximumLimit) ?? defaultLimit
        )
    }
}
