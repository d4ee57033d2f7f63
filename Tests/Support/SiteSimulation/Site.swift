import CallModel

/// The telephones of the site, and how its providers' clocks go.
package struct Site: Sendable {
    /// A Monday in winter: French local time is one hour ahead of UTC.
    static let start = Timestamp(milliseconds: 1_767_603_600_000)

    static let paris = SourceName(provider: "ovh", name: "paris")
    static let lyon = SourceName(provider: "ovh", name: "lyon")
    static let desk = SourceName(provider: "keyyo", name: "front-desk")
    static let sales = SourceName(provider: "voipgrid", name: "sales")
    static let campaigns = SourceName(provider: "sfr-dmc", name: "campaigns")
    static let json = SourceName(provider: "sfr-dmc", name: "json")
    static let legacy = SourceName(provider: "orange", name: "legacy")
    static let mapped = SourceName(provider: "orange", name: "mapped")
    static let all = [paris, lyon, desk, sales, campaigns, json, legacy, mapped]

    /// In ms, by source.
    var skews: [SourceName: Int64]

    init(skews: [SourceName: Int64] = [:]) {
        self.skews = skews
    }

    /// Our line number `index` of a provider's hundred.
    enum Block: Int {
        case paris = 0, lyon = 100, agents = 200, queues = 300, desk = 400, sales = 500
    }

    static func line(_ block: Block, _ index: Int64) -> String {
        "+33199" + String(1_000_000 + Int64(block.rawValue) + index).dropFirst()
    }

    /// Nobody of ours; every story has numbers of its own.
    static func outside(_ index: Int) -> String { "+3363998" + String(10_000 + index % 10_000).dropFirst() }
}
