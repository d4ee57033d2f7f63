import CallModel

/// A stretch of a site's life: what happened, and what went wrong on the way to us.
package struct SiteScenario: Sendable {
    package let seed: UInt64
    package var site: Site
    package var parts: [Part]
    package var restarts: [Restart]
    package var jumps: [Jump]

    package struct Part: Sendable {
        package let index: Int
        package var story: Story
        /// By the place of what was sent.
        package var disturbances: [Int: Disturbance]
    }

    /// The daemon is away: what is pushed meanwhile is lost, what waits comes after.
    package struct Restart: Sendable {
        package var at: Int64
        package var downtime: Int64

        func covers(_ time: Int64) -> Bool { at <= time && time < at + downtime }
    }

    /// The host's clock is set.
    package struct Jump: Sendable {
        package var at: Int64
        package var by: Int64
    }

    package var callCount: Int { parts.reduce(0) { $0 + $1.story.calls.count } }

    /// - Parameter calls: at least as many.
    package init(seed: UInt64, calls: Int) {
        self.seed = seed
        var random = SeededGenerator(seed: seed, part: -1)
        site = Site()
        for source in Site.all where random.happens(50) { site.skews[source] = random.number(-90_000...90_000) }
        // One provider has one clock, whatever the source.
        site.skews[Site.lyon] = site.skews[Site.paris]
        // Some two dozen calls at once.
        let length = Int64(calls) * 2_500
        parts = []
        restarts = []
        jumps = []
        for _ in 0..<random.number(0...3) {
            restarts.append(Restart(at: random.number(0...length), downtime: random.number(0...20_000)))
        }
        restarts.sort { $0.at < $1.at }
        if random.happens(30) {
            let by = random.one(of: [-3_600_000, -90_000, -2_000, 2_000, 45_000, 240_000, 3_600_000] as [Int64])
            jumps.append(Jump(at: random.number(0...length), by: by))
        }
        var count = 0
        while count < calls {
            let index = parts.count
            let generator = SeededGenerator(seed: seed, part: index)
            var builder = StoryBuilder(
                random: generator, site: site, index: index, begin: random.number(1_000...length))
            let story = builder.anyStory()
            count += story.calls.count
            parts.append(Part(index: index, story: story, disturbances: [:]))
            disturb(&parts[index], &random)
        }
    }

    /// Most calls come as they should; the others have several things go wrong.
    private func disturb(_ part: inout Part, _ random: inout SeededGenerator) {
        guard random.happens(45) else { return }
        for (place, sent) in part.story.sent.enumerated() where random.happens(35) && !sent.isUndisturbed {
            switch random.number(0...9) {
            case 0...2: if sent.canBeLost { part.disturbances[place] = .lost }
            case 3...6: if sent.latest > 0 { part.disturbances[place] = .late(lateness(sent.latest, &random)) }
            default:
                if sent.repeatedWithin > 0 {
                    part.disturbances[place] = .doubled(after: random.number(0...sent.repeatedWithin))
                }
            }
        }
    }

    /// Mostly a moment, that overtakes a neighbour; sometimes as late as can be.
    private func lateness(_ latest: Int64, _ random: inout SeededGenerator) -> Int64 {
        random.number(1...(random.happens(60) ? min(latest, 3_000) : latest))
    }
}

extension StoryBuilder {
    /// What happens at a site, in about the shares of an office day.
    mutating func anyStory() -> Story {
        switch random.number(0...99) {
        case 0..<14: ovhInbound()
        case 14..<19: ovhParallel()
        case 19..<26: ovhOutbound()
        case 26..<31: ovhInternal()
        case 31..<37: ovhGroup()
        case 37..<45: ovhQueue()
        case 45..<47: ovhSwitchboard()
        case 47..<49: ovhQueueResumed()
        case 49..<60: keyyoInbound()
        case 60..<67: keyyoOutbound()
        case 67..<70: keyyoInternal()
        case 70..<75: keyyoReception()
        case 75..<79: keyyoPickup()
        case 79..<82: keyyoTransfer()
        case 82..<86: clickToDial()
        case 86..<90: notified()
        case 90..<95: dmcCall()
        case 95..<97: dmcText()
        case 97..<99: orangeCall()
        default: orangeText()
        }
    }
}
