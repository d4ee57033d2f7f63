/// How the simulator behaves where the providers differ, or where nothing is known of them.
package struct SimulatorConfiguration: Sendable {
    /// The body of an idle end of version 1 of OVH's interface, which no document shows.
    package enum IdleReply: String, Sendable, CaseIterable {
        case envelope
        case empty
        case text
    }

    /// Where Keyyo puts `500 Come Back Later`, which its guide leaves open.
    package enum BusyForm: String, Sendable, CaseIterable {
        case status
        case body
    }

    package var listen: LoopbackAddress
    /// How long a poll is held.
    package var hold: Duration = .seconds(60)
    /// Scenario and script times are divided by it.
    package var speed: Double = 1
    /// OVH tokens that are known; nil lets every one in.
    package var tokens: Set<String>?
    package var idleReply = IdleReply.envelope
    /// OVH sessions with characters that must be percent-encoded.
    package var awkwardSessions = false
    package var keyyoTargets: [KeyyoTarget] = []
    /// SIP password for Digest; nil stands for a source address that the customer has allowed.
    package var keyyoPassword: String?
    package var keyyoDigest: [DigestAlgorithm] = [.md5]
    package var keyyoBusy = BusyForm.status
    /// User and password; without them every credential is accepted, but one is needed.
    package var voipgridUser: String?
    package var voipgridPassword: String?
    /// What `Authorization: Token user:…` must carry; the password if nil.
    package var voipgridToken: String?

    /// Where call notifications go, beside the registered ones.
    package var voipgridTargets: [PushTarget] = []
    /// Whether click-to-dial calls are notified, too.
    package var voipgridNotifiesDials = false
    package var voipgridShape = VoIPGRIDShape.y2023
    /// Where SFR DMC's reports go, by service id.
    package var sfrTargets: [PushTarget] = []
    package var sfrFormat = SFRFormat.xml
    /// Where Orange takes received messages; the last counts.
    package var orangeTargets: [PushTarget] = []
    /// Access key; without it any is accepted, but one is needed.
    package var orangeKey: String?
    package var orangeNoticeMethod = OrangeNotice.Method.get
    package var orangeNoticeNames = OrangeNotice.Names()

    package init(listen: LoopbackAddress) {
        self.listen = listen
    }
}

extension Duration {
    var nanosecondCount: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max : product + attoseconds / 1_000_000_000
    }
}
