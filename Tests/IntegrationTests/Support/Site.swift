import Foundation
import ScratchDirectory
import StreamSchema
import Testing

/// A daemon with its own directories, and the simulator it talks to.
final class Site: Sendable {
    static let hookSecret = "hook-secret-for-tests-0001"
    static let token = "ABCDEFAB-CDEF-ABCD-EFAB-CDEFABCDEFAB"
    static let password = "voipgrid pass/word"

    private let scratch: ScratchDirectory
    var directory: String { scratch.path }
    let hookPort: Int
    let simulatorPort: Int

    var api: PlainHTTP.Place { .socket("\(directory)/run/api.sock") }
    var hooks: PlainHTTP.Place { .port(hookPort) }
    var simulator: PlainHTTP.Place { .port(simulatorPort) }
    var configuration: String { "\(directory)/ctibridge.yaml" }

    init(simulatorPort: Int = 1, ovh: String = "api: v1") throws {
        scratch = try ScratchDirectory()
        hookPort = try Self.freePort()
        self.simulatorPort = simulatorPort
        for name in ["run", "state", "credentials"] {
            try FileManager.default.createDirectory(
                atPath: "\(directory)/\(name)", withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        }
        try write("credentials/ovh", Self.token)
        try write("credentials/voipgrid", Self.password + "\n")
        try write("credentials/hook", Self.hookSecret)
        try write("credentials/sip", "sip-password")
        try writeConfiguration(ovh: ovh)
    }

    func writeConfiguration(ovh: String = "api: v1", extra: String = "", model: String = "") throws {
        try write(
            "ctibridge.yaml",
            """
            country: FR
            sources:
              - {name: paris, provider: ovh, token: {credential: ovh}, url: "http://127.0.0.1:\(simulatorPort)/ovh", \(ovh)}
              - {name: sales, provider: voipgrid, username: agent@example.nl, password: {credential: voipgrid}, \
            url: "http://127.0.0.1:\(simulatorPort)/voipgrid"}
              - {name: desk, provider: keyyo, account: "33199000021", secret: {credential: hook}, \
            sip_password: {credential: sip}, url: "http://127.0.0.1:\(simulatorPort)/keyyo"}
            \(extra)
            webhooks: {listen: "127.0.0.1:\(hookPort)"}
            \(model)

            """)
    }

    func write(_ name: String, _ text: String) throws {
        let path = "\(directory)/\(name)"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }

    /// Starts the daemon and waits until it answers.
    func start(
        environment: [String: String] = [:], readsOutput: Bool = true, arguments: [String] = []
    ) async throws -> Program {
        let daemon = try Program(
            "ctibridged",
            ["--config", configuration, "--state-dir", "\(directory)/state", "--runtime-dir", "\(directory)/run"]
                + arguments,
            environment: ["CREDENTIALS_DIRECTORY": "\(directory)/credentials"].merging(environment) { $1 },
            readsOutput: readsOutput)
        let api = api
        let isReady = await eventually {
            ((try? PlainHTTP.get(api, "/readyz").status) ?? 0) == 200 || !daemon.isRunning
        }
        try #require(isReady && daemon.isRunning, "the daemon did not start: \(daemon.errors)")
        return daemon
    }

    /// The same, of which no file may grow beyond 1 MiB. The signal that would end it then is ignored, so that the
    /// write fails.
    func startWithLittleRoom() async throws -> Program {
        let path = Program.directory.appending(path: "ctibridged").path()
        let daemon = try Program(
            "/bin/sh",
            [
                "-c",
                "trap '' XFSZ; ulimit -S -f 2048; exec '\(path)' --config '\(configuration)' "
                    + "--state-dir '\(directory)/state' --runtime-dir '\(directory)/run'",
            ], environment: ["CREDENTIALS_DIRECTORY": "\(directory)/credentials"])
        let api = api
        let isReady = await eventually { ((try? PlainHTTP.get(api, "/readyz").status) ?? 0) == 200 }
        try #require(isReady, "\(daemon.errors)")
        return daemon
    }

    static func makeRoom(for daemon: Program) async throws {
        let room = try Program("/usr/bin/prlimit", ["--pid", "\(daemon.id)", "--fsize=1073741824:"])
        try #require(await room.exitCode() == 0, "\(room.errors)")
    }

    /// Starts the simulator on a free port.
    static func startSimulator(_ arguments: [String] = []) async throws -> (Program, port: Int) {
        let simulator = try Program("ctibridge-sim", ["--listen", "127.0.0.1:0", "--quiet"] + arguments)
        let isReady = await eventually { !simulator.lines.isEmpty }
        try #require(isReady, "the simulator did not start: \(simulator.errors)")
        let port = try #require(simulator.lines[0].split(separator: ":").last.flatMap { Int($0) })
        return (simulator, port)
    }

    /// One Keyyo notification; the status of the answer.
    func notify(_ query: String, secret: String = Site.hookSecret) throws -> Int {
        try PlainHTTP.get(hooks, "/hooks/keyyo/desk/\(secret)?\(query)").status
    }

    /// All events in the journal, by the API, each held against the schema.
    func events() throws -> [Line] {
        let reply = try PlainHTTP.get(api, "/v1/events?after=oldest&follow=false")
        #expect(reply.status == 200)
        return Line.read(reply.body.split(separator: "\n").map(String.init))
    }

    static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 ? getsockname(descriptor, $0, &size) : -1
            }
        }
        try #require(code == 0)
        return Int(UInt16(bigEndian: address.sin_port))
    }
}

/// One line of the stream, as a test looks at it.
struct Line: Sendable {
    let text: String
    let id: String
    let type: String
    let subject: String
    let source: String
    let seq: Int?
    let state: String?
    let outcome: String?
    let providerEvent: String?

    /// Reads lines and holds each against the published schema.
    static func read(_ lines: [String]) -> [Line] {
        lines.compactMap { text in
            let violations = StreamSchema.events.violations(in: Array((text + "\n").utf8))
            #expect(violations.isEmpty, "\(violations): \(text)")
            guard let json = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] else {
                return nil
            }
            let data = json["data"] as? [String: Any]
            return Line(
                text: text, id: json["id"] as? String ?? "", type: json["type"] as? String ?? "",
                subject: json["subject"] as? String ?? "", source: json["source"] as? String ?? "",
                seq: json["seq"] as? Int, state: data?["state"] as? String, outcome: data?["outcome"] as? String,
                providerEvent: (data?["provider"] as? [String: Any])?["event"] as? String)
        }
    }
}
