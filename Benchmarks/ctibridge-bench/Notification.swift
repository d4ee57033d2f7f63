/// One Keyyo notification: the n-th of a stream of calls that ring, are answered and end.
///
/// Calls are told apart by `callref`, so each notification becomes exactly one event at once; the summary that follows
/// the end of a call two seconds later is not counted.
struct Notification: Sendable {
    static let source = "desk"
    static let account = "33199000021"

    /// From 0; three of them are a call.
    let number: Int

    /// - Parameter milliseconds: since 1970, what Keyyo calls `_TSMS_`.
    func target(milliseconds: Int64) -> String {
        let call = number / 3
        let caller = "336399800\(call % 100 < 10 ? "0" : "")\(call % 100)"
        let type = ["SETUP", "CONNECT", "RELEASE"][number % 3]
        return "/hooks/keyyo/\(Self.source)/\(Workspace.hookSecret)?account=\(Self.account)&caller=\(caller)"
            + "&callee=\(Self.account)&type=\(type)&callref=b\(call)&tsms=\(milliseconds)"
    }

    static let sourceConfiguration =
        #"  - {name: \#(source), provider: keyyo, account: "\#(account)", secret: {credential: hook}}"#

    /// The daemon with nothing but this source.
    static func configuration(hookPort: Int) -> String {
        """
        country: FR
        sources:
        \(sourceConfiguration)
        webhooks: {listen: "127.0.0.1:\(hookPort)"}

        """
    }
}
