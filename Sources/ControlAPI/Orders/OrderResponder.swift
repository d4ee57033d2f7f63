import CallModel
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging

/// Answers the requests of `OrderRoute`.
struct OrderResponder {
    let orders: (any OrderControl)?
    let sources: [SourceName]
    let logger: Logger

    func answer(
        _ route: OrderRoute, body: [UInt8], key: String?, caller: Caller
    ) async throws(Problem) -> Response {
        let refusal = { (error: CallControlError) -> Problem in
            logger.notice(
                "order not accepted",
                metadata: ["by": "\(caller.name)", "order": "\(route.name)", "error": "\(error)"])
            return Problem(error, ordering: route, sources: sources)
        }
        var claimed: SourceName?
        if let key {
            do throws(CallControlError) { claimed = try await orders?.source(ofRequestWith: key) } catch {
                throw refusal(error)
            }
        }
        let wanted = try Wanted(route, body: body, key: key, sources: sources, claimed: claimed)
        guard let orders else { throw Problem(CallControlError.cannotPlace, ordering: route, sources: sources) }
        do throws(CallControlError) {
            let response = try await order(wanted, orders)
            logger.info("order accepted", metadata: ["by": "\(caller.name)", "order": "\(route.name)"])
            return response
        } catch {
            throw refusal(error)
        }
    }

    private func order(_ wanted: Wanted, _ orders: any OrderControl) async throws(CallControlError) -> Response {
        switch wanted {
        case .conference(let request):
            let conference = try await orders.createConference(request)
            return .json(status: .created) { $0.field("conference", conference) }
        case .callers(let request):
            try await orders.addCallers(request)
            return .json { $0.field("conference", request.conference) }
        case .guests(let request):
            let calls = try await orders.callGuests(request)
            return .json(status: .accepted) { json in
                json.field("conference", request.conference)
                json.array("calls") { json in calls.forEach { Self.write($0, &json) } }
            }
        case .message(let request):
            let message = try await orders.sendMessage(request)
            return .json(status: .accepted) { $0.field("id", message) }
        }
    }

    private static func write(_ guest: GuestCall, _ json: inout JSONWriter) {
        json.object { json in
            json.field("to", guest.to)
            json.field("id", guest.call.rawValue)
            guard let error = guest.error else { return json.field("result", "accepted") }
            let problem = Problem(error, sources: [])
            json.field("result", problem.kind == "result-unknown" ? "unknown" : "refused")
            json.object("problem") { json in
                json.field("type", problem.kind.map { "urn:ctibridge:problem:\($0)" } ?? "about:blank")
                json.field("title", problem.title)
                json.field("detail", problem.detail)
            }
        }
    }

    /// An order with its body read.
    private enum Wanted {
        case conference(ConferenceRequest)
        case callers(GuestsRequest)
        case guests(GuestsRequest)
        case message(MessageRequest)

        init(
            _ route: OrderRoute, body: [UInt8], key: String?, sources: [SourceName], claimed: SourceName?
        ) throws(Problem) {
            switch route {
            case .createConference:
                let body = try OrderBody(
                    json: body, known: ["source", "access", "numbers", "duration_minutes", "start"])
                self = .conference(
                    ConferenceRequest(
                        source: try body.source(of: sources, orOf: claimed),
                        access: try body.one("access", of: ConferenceRequest.Access.self),
                        numbers: try body.numbers("numbers", isOptional: true),
                        minutes: try body.minutes("duration_minutes"), start: try body.time("start"),
                        idempotencyKey: key))
            case .addCallers(let conference): self = .callers(try Self.guests(conference, body, key, sources, claimed))
            case .callGuests(let conference): self = .guests(try Self.guests(conference, body, key, sources, claimed))
            case .sendMessage:
                let body = try OrderBody(json: body, known: ["source", "to", "text", "from"])
                self = .message(
                    MessageRequest(
                        source: try body.source(of: sources, orOf: claimed), to: try body.text("to"),
                        text: try body.message("text"),
                        from: try body.optionalText("from"), idempotencyKey: key))
            }
        }

        private static func guests(
            _ conference: String, _ body: [UInt8], _ key: String?, _ sources: [SourceName], _ claimed: SourceName?
        ) throws(Problem) -> GuestsRequest {
            let body = try OrderBody(json: body, known: ["source", "numbers"])
            return GuestsRequest(
                source: try body.source(of: sources, orOf: claimed), conference: conference,
                numbers: try body.numbers("numbers", isOptional: false), idempotencyKey: key)
        }
    }
}
