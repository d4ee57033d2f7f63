internal import Synchronization

/// Targets of call notifications that were registered over the interface (VoIPGRID's own Zapier connector).
///
/// Bound: 100, then 400. Only the request is known: `target_url` and `event` in, an id to delete it by.
final class VoIPGRIDSubscriptions: Sendable {
    private struct State {
        var targets: [(id: Int, target: PushTarget)] = []
        var nextID = 1
    }

    private let state = Mutex(State())

    var targets: [PushTarget] { state.withLock { $0.targets.map(\.target) } }

    func add(_ request: Request) -> Response {
        guard let value = try? JSONReader.read(request.body), let url = value["target_url"]?.text else {
            return Self.refusal("target_url is missing")
        }
        guard value["event"]?.text == "custom" else { return Self.refusal("event must be \"custom\"") }
        let target: PushTarget
        do {
            target = try PushTarget(url, option: "target_url")
        } catch {
            return Self.refusal(error.description)
        }
        let id = state.withLock { state -> Int? in
            guard state.targets.count < 100 else { return nil }
            defer { state.nextID += 1 }
            state.targets.append((state.nextID, target))
            return state.nextID
        }
        guard let id else { return Self.refusal("too many registrations") }
        return .json(
            201,
            .object([JSONMember("id", .integer(id)), JSONMember("target_url", url), JSONMember("event", "custom")]))
    }

    func remove(_ id: String) -> Response {
        let isKnown = state.withLock { state in
            guard let index = state.targets.firstIndex(where: { String($0.id) == id }) else { return false }
            state.targets.remove(at: index)
            return true
        }
        return Response(isKnown ? 204 : 404)
    }

    func reset() {
        state.withLock { $0.targets.removeAll() }
    }

    private static func refusal(_ text: String) -> Response {
        .json(400, .object([JSONMember("description", text)]))
    }
}
