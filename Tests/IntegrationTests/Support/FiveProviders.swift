import Foundation
import Testing

/// A daemon with a source of each provider, and the simulator that plays all of them.
struct FiveProviders {
    static let sfrSecret = "sfr-secret-for-tests-0001"
    static let orangeSecret = "orange-secret-for-tests-01"
    static let voipgridSecret = "voipgrid-secret-for-tests1"
    /// With everything that is written otherwise in a URL, and is otherwise again in base64.
    static let orangeKey = "orange+key/for=tests&%1"

    let site: Site
    let simulator: Program
    let port: Int

    /// - Parameters:
    ///   - arguments: more for the simulator.
    ///   - orange: more keys of its source, as lines of YAML with four blanks.
    init(_ arguments: [String] = [], orange: String = "    enabled: true") async throws {
        let site = try Site()
        let hooks = "http://127.0.0.1:\(site.hookPort)/hooks"
        let (simulator, port) = try await Site.startSimulator(
            [
                "--orange-key", Self.orangeKey,
                "--sfr-dmc-target", "\(hooks)/sfr-dmc/campaigns/\(Self.sfrSecret)",
                "--orange-target", "\(hooks)/orange/legacy/\(Self.orangeSecret)",
            ] + arguments)
        self.site = site
        self.simulator = simulator
        self.port = port
        try site.write("credentials/sfr", Self.sfrSecret)
        try site.write("credentials/orange", Self.orangeSecret)
        try site.write("credentials/orange-key", Self.orangeKey)
        try site.write("credentials/voipgrid-hook", Self.voipgridSecret)
        try configure(orange: orange)
    }

    func configure(orange: String = "    enabled: true", webhooks: String = "") throws {
        let simulator = "http://127.0.0.1:\(port)"
        try site.write(
            "ctibridge.yaml",
            """
            country: FR
            sources:
              - {name: paris, provider: ovh, token: {credential: ovh}, url: "\(simulator)/ovh"}
              - name: sales
                provider: voipgrid
                username: agent@example.nl
                password: {credential: voipgrid}
                country: NL
                url: "\(simulator)/voipgrid"
                secret: {credential: voipgrid-hook}
                poll_interval: 100ms
                connected_poll_interval: 100ms
              - {name: desk, provider: keyyo, account: "33199000021", secret: {credential: hook}, \
            url: "\(simulator)/keyyo"}
              - {name: campaigns, provider: sfr-dmc, secret: {credential: sfr}}
              - name: legacy
                provider: orange
                access_key: {credential: orange-key}
                urls: {call: "\(simulator)/orange/call", conference: "\(simulator)/orange/conf", \
            sms: "\(simulator)/orange/sms"}
                from: "+33199000050"
                secret: {credential: orange}
                history: {url: "\(simulator)/orange/sms/getHistory.xml", interval: 1s, words: {received: delivered}}
                notifications: {call: call_id, state: state, conference: conf_id, \
            words: {calling: initiated, answered: connected, joined: connected, left: ended, refused: rejected}}
            \(orange)
            webhooks: {listen: "127.0.0.1:\(site.hookPort)"\(webhooks)}

            """)
    }

    /// Plays one line of a scenario now.
    func play(_ line: String) throws {
        let reply = try PlainHTTP.request("POST", .port(port), "/control/event", body: line)
        #expect((200..<300).contains(reply.status), "\(reply.body)")
    }

    /// Something goes wrong with the next request.
    func fail(_ fault: String) throws {
        let reply = try PlainHTTP.request("POST", .port(port), "/control/fault", body: fault)
        #expect((200..<300).contains(reply.status), "\(reply.body)")
    }

    /// What the daemon answers to a report of SFR's.
    func report(_ body: String, type: String = "text/xml", secret: String = Self.sfrSecret) throws -> Int {
        try PlainHTTP.request(
            "POST", site.hooks, "/hooks/sfr-dmc/campaigns/\(secret)", headers: ["Content-Type: \(type)"], body: body
        ).status
    }

    /// An order over the API.
    func order(_ path: String, _ body: String, key: String? = nil) throws -> PlainHTTP.Reply {
        try PlainHTTP.request(
            "POST", site.api, path,
            headers: ["Content-Type: application/json"] + (key.map { ["Idempotency-Key: \($0)"] } ?? []), body: body)
    }

    /// The client, to its end.
    func client(_ arguments: [String]) async throws -> (code: Int32?, lines: [String], errors: String) {
        let client = try Program(
            "ctibridge", arguments, environment: ["CTIBRIDGE_SOCKET": "\(site.directory)/run/api.sock"])
        let code = await client.exitCode()
        return (code, client.lines, client.errors)
    }

    /// Requests that reached the simulator, by a part of their paths.
    func asked(_ part: String) throws -> Int {
        let log = try PlainHTTP.get(.port(port), "/control/log").body
        return log.replacingOccurrences(of: "\\/", with: "/").components(separatedBy: part).count - 1
    }

    func events(_ source: String) throws -> [Line] { try site.events().filter { $0.source == source } }

    /// Whether `text` is in a file of the daemon's, in the bytes as they are.
    func keeps(_ text: String) throws -> Bool {
        try FileManager.default.contentsOfDirectory(atPath: "\(site.directory)/state").contains { file in
            let data = FileManager.default.contents(atPath: "\(site.directory)/state/\(file)") ?? Data()
            return data.range(of: Data(text.utf8)) != nil
        }
    }

    /// The member of an answer that is one JSON object.
    static func member(_ name: String, of reply: PlainHTTP.Reply) throws -> String {
        let json = try JSONSerialization.jsonObject(with: Data(reply.body.utf8)) as? [String: Any]
        return try #require(json?[name] as? String, "\(reply.body)")
    }
}
