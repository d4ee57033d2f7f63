import CallModel
import Intake
import LogCapture
import Testing

let keyyo = SourceName(provider: "keyyo", name: "front-desk")
let dmc = SourceName(provider: "sfr-dmc", name: "campaigns")
let keyyoPath = "/hooks/keyyo/front-desk/k3yyo-s3cret"
let dmcPath = "/hooks/sfr-dmc/campaigns/dmc-s3cret"

func keyyoRoute(allow: [String] = []) -> WebhookRoute {
    WebhookRoute(
        source: keyyo, methods: [.get], secrets: [Redacted("k3yyo-s3cret"), Redacted("older")],
        allow: allow.compactMap { AddressRange($0) })
}

let dmcRoute = WebhookRoute(source: dmc, methods: [.post], secrets: [Redacted("dmc-s3cret")])

/// Runs a listener on a free port of the loopback for the time of `body`.
func withListener(
    routes: [WebhookRoute] = [keyyoRoute(), dmcRoute], trustedProxies: [String] = [],
    sink: ScriptedSink = ScriptedSink(), settings: WebhookSettings = WebhookSettings(port: 0),
    log: CapturedLog = CapturedLog(),
    _ body: (_ port: Int, _ listener: WebhookListener) async throws -> Void
) async throws {
    let listener = try WebhookListener(
        settings: settings, routes: routes, trustedProxies: trustedProxies.compactMap { AddressRange($0) },
        sink: sink, clock: { Timestamp(milliseconds: 1_795_253_400_125) }, logger: log.logger)
    try listener.bind()
    let run = Task { try await listener.run() }
    do {
        try await body(try #require(listener.boundPort), listener)
    } catch {
        run.cancel()
        throw error
    }
    run.cancel()
    try await run.value
}

/// One request on its own connection.
func exchange(_ port: Int, _ request: String) async throws -> RawConnection.Reply {
    let connection = try await RawConnection(port: port)
    connection.send(request)
    let reply = try #require(await connection.reply(toHead: request.hasPrefix("HEAD")))
    await connection.close()
    return reply
}

func get(_ port: Int, _ target: String, headers: [String] = []) async throws -> RawConnection.Reply {
    try await exchange(port, ([("GET \(target) HTTP/1.1"), "Host: h"] + headers + ["", ""]).joined(separator: "\r\n"))
}

func expectGet(
    _ port: Int, _ target: String, headers: [String] = [], is status: Int,
    sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    let reply = try await get(port, target, headers: headers)
    #expect(reply.status == status, sourceLocation: sourceLocation)
}
