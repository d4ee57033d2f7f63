import Foundation

/// Sites whose providers take orders, and orders that are waited for.
extension Site {
    /// VoIPGRID, Keyyo and Orange, and nobody who is polled: nothing happens by itself.
    /// - Parameter orange: more keys of its source, as a line of YAML with four blanks.
    func writeOrders(orange: String = "") throws {
        let provider = "http://127.0.0.1:\(simulatorPort)"
        try write(
            "ctibridge.yaml",
            """
            country: FR
            sources:
              - {name: sales, provider: voipgrid, username: agent@example.nl, password: {credential: voipgrid}, \
            url: "\(provider)/voipgrid", poll_interval: 200ms}
              - {name: desk, provider: keyyo, account: "33199000021", secret: {credential: hook}, \
            sip_password: {credential: sip}, url: "\(provider)/keyyo"}
              - name: legacy
                provider: orange
                enabled: true
                access_key: {credential: sip}
                urls: {call: "\(provider)/orange/call", conference: "\(provider)/orange/conf", \
            sms: "\(provider)/orange/sms"}
                history: {url: "\(provider)/orange/sms/getHistory.xml", interval: 1s}
            \(orange)
            webhooks: {listen: "127.0.0.1:\(hookPort)"}

            """)
    }

    /// Asks by the API on a thread of its own, not on those that all tests share: there are as many as cores, and
    /// this one waits. Nil where no reply came.
    func ordered(
        _ path: String, _ body: String = "", method: String = "POST", key: String? = nil
    ) -> Task<PlainHTTP.Reply?, Never> {
        let headers =
            (body.isEmpty ? [] : ["Content-Type: application/json"]) + (key.map { ["Idempotency-Key: \($0)"] } ?? [])
        let api = api
        return Task {
            await withCheckedContinuation { continuation in
                Thread.detachNewThread {
                    continuation.resume(
                        returning: try? PlainHTTP.request(method, api, path, headers: headers, body: body))
                }
            }
        }
    }

    /// A call by Keyyo, each number with a key of its own.
    func dial(_ number: Int) -> Task<PlainHTTP.Reply?, Never> {
        ordered("/v1/calls", #"{"source":"desk","to":"+3363998001\#(number)"}"#, key: "dial-\(number)")
    }
}
