import CallModel

/// The body of `POST /v1/calls`.
enum CallOrder: Sendable, Hashable {
    case place(PlaceRequest)
    case track(source: SourceName, callid: String)

    /// - Parameters:
    ///   - idempotencyKey: as `OrderBody.key` has read it.
    ///   - knownSources: what the client's word (`sales`, `voipgrid/sales`) may stand for.
    ///   - claimed: the source of the request that the key stands for already.
    init(
        json bytes: [UInt8], idempotencyKey: String?, knownSources: [SourceName], claimed: SourceName? = nil
    ) throws(Problem) {
        let body = try OrderBody(json: bytes, known: ["source", "to", "from", "name", "auto_answer", "track"])
        let source = try body.source(of: knownSources, orOf: claimed)
        if let callid = try body.optionalText("track") {
            guard body.keys == ["source", "track"] else {
                throw .invalidBody("\"track\" goes with \"source\" and nothing else", allowed: ["source", "track"])
            }
            self = .track(source: source, callid: callid)
            return
        }
        guard body.keys.contains("to") else {
            throw .invalidBody("\"to\" (or \"track\") is missing", allowed: body.known)
        }
        self = .place(
            PlaceRequest(
                source: source, to: try body.text("to"), from: try body.optionalText("from"),
                name: try body.optionalText("name"), autoAnswer: try body.flag("auto_answer"),
                idempotencyKey: idempotencyKey
            )
        )
    }
}
