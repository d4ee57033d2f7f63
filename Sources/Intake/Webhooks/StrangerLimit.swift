import CallModel

/// How often each address may be wrong.
///
/// Counts only requests that fail (wrong path, secret or address): a provider's valid request is never refused for
/// what somebody else does behind the same address. It keeps guessing from filling the log; against guessing itself
/// the length of the secret protects.
struct StrangerLimit {
    /// Failures an address may make at once.
    static let burst = 20
    /// After which one more is allowed.
    static let interval = Span.seconds(3)
    /// Addresses remembered; about 64 KiB. The rest share one account, so that a flood of addresses costs no memory,
    /// and no log or processor either: with the oldest forgotten instead, each new address would be a new burst.
    static let capacity = 1_024

    private struct Account {
        /// When everything is forgotten, as a time in ms: each failure moves it on by `interval`.
        var clearAt: Int64
    }

    private var accounts: [IPAddress: Account] = [:]
    private var crowd = Account(clearAt: 0)
    private var nextSweep: Int64 = 0

    /// Whether this failure of `address` is still answered as such (else `429`).
    ///
    /// IPv6 addresses count by their /64 network, which is what one customer gets.
    mutating func admits(_ address: IPAddress?, now: Timestamp) -> Bool {
        let now = now.milliseconds
        guard let address else { return Self.charge(&crowd, now: now) }
        let key = address.isIPv4 ? address : address.prefix(64)
        if accounts[key] == nil, accounts.count >= Self.capacity {
            sweep(now: now)
            guard accounts.count < Self.capacity else { return Self.charge(&crowd, now: now) }
        }
        return Self.charge(&accounts[key, default: Account(clearAt: now)], now: now)
    }

    private static func charge(_ account: inout Account, now: Int64) -> Bool {
        let cost = interval.milliseconds
        // Never further ahead than a full burst: also after the clock was set back.
        account.clearAt = min(max(account.clearAt, now), now + Int64(burst) * cost)
        guard account.clearAt + cost <= now + Int64(burst) * cost else { return false }
        account.clearAt += cost
        return true
    }

    /// At most once a second, so that a full table does not cost a walk for every stranger.
    private mutating func sweep(now: Int64) {
        guard now >= nextSweep || nextSweep > now + 1_000 else { return }
        nextSweep = now + 1_000
        accounts = accounts.filter { $0.value.clearAt > now }
    }
}
