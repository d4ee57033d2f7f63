import CallModel
import CurlTransport
import Glibc
import Testing

func rss() -> Int {
    let f = fopen("/proc/self/statm", "r")!
    defer { fclose(f) }
    var b = [CChar](repeating: 0, count: 200)
    let n = fread(&b, 1, 199, f)
    return Int(String(decoding: b[..<n].map { UInt8(bitPattern: $0) }, as: UTF8.self).split(separator: " ")[1])! * 4
}
@Test(arguments: ["http://127.0.0.1:18080/", "https://127.0.0.1:18443/"]) func zzprobe(url: String) async throws {
    var limit = rlimit(rlim_cur: 8192, rlim_max: 8192)
    setrlimit(__rlimit_resource_t(7), &limit)
    let client = CurlClient(certificateAuthorityFile: "/tmp/edge_t/srv/c.pem")
    let before = rss()
    for round in 0..<2 {
        let tasks = (0..<1000).map { _ in Task { try await client.execute(HTTPRequest(.get, url, timeout: .minutes(2))).status } }
        try await Task.sleep(for: .seconds(12))
        print("PROBE", url, round, (rss() - before), "KiB for 1000")
        var ok = 0
        for t in tasks { if (try? await t.value) == 200 { ok += 1 } }
        print("PROBE ok", ok)
    }
}
