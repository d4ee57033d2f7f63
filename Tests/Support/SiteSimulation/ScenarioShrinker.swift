import CallModel

/// Makes a scenario that fails smaller, as long as it breaks the same promise: first its calls, then what goes wrong.
package struct ScenarioShrinker {
    private let rule: String
    private var smallest: SiteScenario
    /// Runs left: shrinking ends, smallest or not.
    private var attempts: Int

    package static func shrink(_ scenario: SiteScenario, to fault: SiteFault, attempts: Int = 400) -> SiteScenario {
        var shrinker = ScenarioShrinker(rule: fault.rule, smallest: scenario, attempts: attempts)
        shrinker.shrinkParts(fault.part)
        shrinker.shrinkTroubles()
        return shrinker.smallest
    }

    private mutating func keep(_ candidate: SiteScenario) -> Bool {
        guard attempts > 0 else { return false }
        attempts -= 1
        guard candidate.faults().contains(where: { $0.rule == rule }) else { return false }
        smallest = candidate
        return true
    }

    private mutating func shrinkParts(_ suspect: Int?) {
        if let suspect {
            var alone = smallest
            alone.parts = smallest.parts.filter { $0.index == suspect }
            if keep(alone) { return }
        }
        var size = smallest.parts.count / 2
        while size >= 1 {
            var first = 0
            while first < smallest.parts.count {
                var candidate = smallest
                candidate.parts.removeSubrange(first..<min(first + size, smallest.parts.count))
                if !keep(candidate) { first += size }
            }
            size /= 2
        }
    }

    private mutating func shrinkTroubles() {
        for index in smallest.restarts.indices.reversed() {
            var candidate = smallest
            candidate.restarts.remove(at: index)
            _ = keep(candidate)
        }
        for index in smallest.jumps.indices.reversed() {
            var candidate = smallest
            candidate.jumps.remove(at: index)
            _ = keep(candidate)
        }
        for part in smallest.parts.indices {
            for place in smallest.parts[part].disturbances.keys.sorted() {
                var candidate = smallest
                candidate.parts[part].disturbances[place] = nil
                _ = keep(candidate)
            }
        }
    }
}

extension SiteScenario {
    /// Runs it, and says where the stream and the truth part.
    package func faults() -> [SiteFault] {
        var run = SiteRun(self)
        do {
            try run.run()
        } catch {
            return [SiteFault(rule: "a restart brings everything back", part: nil, detail: "\(error)")]
        }
        return SiteJudge.faults(in: run, of: self)
    }

    /// Where a stream parts from itself when the journal takes every batch only at the second attempt; nil where
    /// nowhere.
    package func partingWhenTriedInVain(maximumCalls: Int) throws -> String? {
        var limits = TrackerLimits()
        limits.maximumCalls = maximumCalls
        var run = SiteRun(self, limits: limits)
        try run.run()
        var again = SiteRun(self, limits: limits, isTriedInVain: true)
        try again.run()
        if run.drafts == again.drafts { return nil }
        let parting = zip(run.drafts, again.drafts).first { $0 != $1 }
        return parting.map { "\($0)\nbecame\n\($1)" } ?? "\(run.drafts.count) events became \(again.drafts.count)"
    }

    /// What is needed to see a fault again and to keep it as a fixture.
    package func report(_ fault: SiteFault) -> String {
        let troubles = parts.flatMap { part in
            part.disturbances.sorted { $0.key < $1.key }.map { "part \(part.index), \($0.key): \($0.value)" }
        }
        return """
            CTIBRIDGE_SIM_SEED=\(seed): \(fault)
            clocks off by (ms): \(site.skews.map { "\($0.key) \($0.value)" }.sorted().joined(separator: ", "))
            restarts at (ms): \(restarts.map(\.at)), clock set at (ms): \(jumps.map { "\($0.at) by \($0.by)" })
            \(troubles.joined(separator: "\n"))
            as a fixture:
            \(capture())
            """
    }
}
