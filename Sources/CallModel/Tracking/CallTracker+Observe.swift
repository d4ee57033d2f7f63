extension TrackedCall {
    /// Whether a notification of this call names its two sides the other way round.
    fileprivate func isTurnedRound(in fact: CallFact) -> Bool {
        guard isPlaced, fact.mayBePlaced, let remote, let local = fact.local else { return false }
        return remote.isSameSubscriber(as: local) && fact.remote.map { !remote.isSameSubscriber(as: $0) } != false
    }

    /// Notes when a word came. Bounded, for a provider with endless new words.
    fileprivate mutating func hear(_ occasion: Occasion) {
        guard let word = occasion.words?.event?.uppercased() else { return }
        var heard = heard ?? [:]
        guard heard.count < 8 || heard[word] != nil else { return }
        heard[word] = occasion.moment.observed
        self.heard = heard
    }
}

extension CallTracker {
    mutating func observe(_ fact: CallFact, _ occasion: Occasion) {
        let found = find(fact, occasion)
        if found == nil {
            switch fact.step {
            case .agentFailed:
                // One agent's failure is no sign that the caller still waits: nothing is opened for it.
                notes.earlyFailures.note(fact, at: occasion.moment)
                notes.areNew = true
                return tellOffer(.queueOfferFailed, fact, nil, occasion)
            case .remark, .hangUpRequested: return
            default: break
            }
        }
        let known = found.map { fact.isReturn ? splitStay($0, by: fact, occasion) : $0 }
        let isNew = known == nil
        var call: TrackedCall
        if let known {
            fired(match(fact, known), known.id)
            concerned.insert(known.id)
            if isRepeated(fact, known, occasion) { return fired(.repeated, known.id) }
            call = known
        } else {
            let namesake = namesake(of: fact)
            forgetNamesakes(of: fact)
            call = open(fact, occasion)
            if let namesake { link(&call, fact, with: namesake, occasion) }
            fired(.opened, call.id)
        }
        if occasion.words?.notes.contains(.timeDropped) == true { fired(.timeDropped, call.id) }
        var fact = fact
        if call.isTurnedRound(in: fact) { (fact.local, fact.remote) = (fact.remote, fact.local) }
        if call.isPlaced, fact.mayBeFirstLeg { fact = fact.aboutFirstLeg }
        let told = drafts.count
        let before = call
        let dataBefore = call.data(words: occasion.words)
        call.noteDialogue(fact, at: occasion.moment)
        merge(fact, into: &call, occasion)
        call.weigh(fact, isPlacement: isPlacement(fact))
        let linked = linkReplacement(&call, fact, occasion)
        call.isStale = nil
        linkQueue(of: &call, fact, occasion)
        let early = isNew ? notes.earlyFailures.take(fact) : []
        if !early.isEmpty { notes.areNew = true }
        for early in early {
            fail(&call, agent: early.agent, line: early.line, outcome: early.outcome, early.moment)
        }
        apply(fact, to: &call, isNew: isNew, occasion)
        let isNews = call.isNews(occasion.words?.event)
        if !isNew, call.isAnnounced, !drafts[told...].contains(where: { $0.subject == call.id.rawValue }) {
            tellIfChanged(call, since: dataBefore, isNews: isNews, occasion)
        }
        call.noteMatch(since: before)
        noteLinkTold(of: &call, since: told)
        call.words = ProviderWords(
            event: nil, call: call.words.call ?? occasion.words?.call,
            dialog: call.words.dialog ?? occasion.words?.dialog,
            replaces: call.words.replaces ?? occasion.words?.replaces,
            session: call.words.session ?? occasion.words?.session)
        if fact.repeatsWithin != nil { call.hear(occasion) }
        store(call)
        if let linked { replaced(linked, by: call, occasion) }
        if call.replacedBy != nil { tellAttended(call.id, occasion) }
        closeReplaced(by: call.id, occasion)
        if call.succeededBy != nil { leave(call.id, occasion) }
        settleSession(of: call, occasion)
    }

    // MARK: - Opening and merging

    mutating func open(_ fact: CallFact, _ occasion: Occasion) -> TrackedCall {
        // The fact that opened the call names it; 20 hexadecimal digits are enough for every call there will be.
        var id = CallID(rawValue: "c" + occasion.id.prefix(20))
        if let given = fact.asked ?? fact.step.given { id = given }
        var call = TrackedCall(id: id, source: occasion.source, state: .initiated, started: occasion.moment)
        notes.opened += 1
        call.serial = notes.opened
        return call
    }

    private mutating func merge(_ fact: CallFact, into call: inout TrackedCall, _ occasion: Occasion) {
        if fact.mayBePlaced {
            if isPlacement(fact) ? call.mayTurnOutPlaced : call.awaitsNotification {
                call.matched = call.matched ?? (isPlacement(fact) ? call.knownAsNotified : [])
                call.isByMatch = true
                if call.mayBeFirstLeg == true { call.takeForFirstLeg() }
            }
            if !isPlacement(fact), !fact.mayBeFirstLeg || !call.isPlaced { call.isNotified = true }
            if fact.mayBeFirstLeg { if call.isPlaced { call.hasFirstLeg = true } else { call.mayBeFirstLeg = true } }
            if call.lineNames.isEmpty { call.lineNames = fact.lineNames }
        }
        switch fact.reference {
        case .keys(let keys):
            for key in keys where !call.keys.contains(key) { call.keys.append(key) }
        case .parties(let line, let caller, let callee):
            if fact.step.isBeginning, let word = occasion.words?.event, call.toldWords.contains(word) {
                call.inference = Self.ambiguity
            }
            var parties = call.parties ?? PartiesReference(line: line, caller: caller, callee: callee)
            parties.caller = parties.caller ?? caller
            parties.callee = parties.callee ?? callee
            call.parties = parties
        }
        if isPlacement(fact) { call.isPlaced = true }
        if let why = fact.inference { call.inference = why }
        mergeSides(of: fact, into: &call, occasion)
        if !fact.shownNumbers.isEmpty { call.shownNumbers = fact.shownNumbers }
        takeSession(of: fact, into: &call)
        call.senderReference = call.senderReference ?? fact.senderReference
        call.campaign = call.campaign ?? fact.campaign
        call.handle = call.handle ?? fact.handle
        call.dialog = call.dialog ?? fact.dialog
        call.replaces = call.replaces ?? fact.replaces
        call.dialed = call.dialed ?? fact.dialed
        call.divertedBy = call.divertedBy ?? fact.divertedBy
        call.answeredBy = call.answeredBy ?? fact.answeredBy
        call.talked = call.talked ?? fact.talked
        for leg in fact.legs { call.note(leg) }
        if call.conferenceEnds == nil, let lasts = fact.lasts {
            call.conferenceEnds = occasion.moment.observed.advanced(by: lasts)
        }
        if let queue = fact.queue {
            call.queue = QueueStay(name: call.queue?.name ?? queue.name, agent: queue.agent ?? call.queue?.agent)
        }
        // Whoever comes back is said to have joined when he did so first (FreeSWITCH `mod_callcenter`).
        if let joined = fact.joined, call.returned?.provider.map({ joined < $0 }) != true {
            call.joined = Moment(observed: call.started.observed, provider: joined)
        }
        // Whatever is heard of a call, it had begun by then.
        for case let time? in [occasion.moment.provider, fact.answered] where time < call.started.shown {
            call.started.provider = time
        }
        if fact.isReturn, call.started.provider == occasion.moment.provider {
            call.returned = occasion.moment
        }
        call.note(fact.step, at: occasion.moment)
        recogniseInternal(&call)
    }

    /// The session that the provider names, or the one that took it in.
    func takeSession(of fact: CallFact, into call: inout TrackedCall) {
        guard call.session == nil, let named = fact.session else { return }
        call.session = index.session(named: named)
        if call.session != named { call.ownSession = named }
    }

    /// Who takes a call over is named as the caller, and so seems to call: what says that it is taken over tells who
    /// is who, whatever comes before and after it without saying so.
    private mutating func mergeSides(of fact: CallFact, into call: inout TrackedCall, _ occasion: Occasion) {
        if fact.replaces != nil, call.replaces == nil, !call.isPlaced {
            if call.direction != .internal { call.direction = fact.direction }
            call.role = fact.direction
            call.remote = fact.remote ?? call.remote
            call.local = fact.local ?? call.local
            return
        }
        if call.replaces != nil, fact.replaces == nil, call.remote != nil, call.local != nil { return }
        if call.direction == .unknown { call.direction = fact.direction }
        if call.role == .unknown { call.role = fact.direction }
        merge(fact.remote, into: &call.remote)
        if takes(fact, for: call, occasion) { merge(fact.local, into: &call.local) }
    }

    /// Whether what is said of our side adds to what is known. What the provider said of a call by its name is not
    /// replaced by what it says of one that was matched with it, nor whoever has the call by whoever had it before.
    private func takes(_ fact: CallFact, for call: TrackedCall, _ occasion: Occasion) -> Bool {
        if case .transferred(_, leavesUs: false) = fact.step, call.local != nil { return false }
        if call.transferred?.isAfter(occasion.moment) == true { return false }
        guard call.isPlaced, call.matched != nil, fact.mayBePlaced, let local = call.local, let other = fact.local
        else {
            return true
        }
        return local.isSameSubscriber(as: other)
    }

    func isPlacement(_ fact: CallFact) -> Bool {
        if case .placed = fact.step { return true }
        return false
    }

    private func merge(_ newer: Party?, into party: inout Party?) {
        guard let newer else { return }
        if party == nil { party = newer } else { party?.merge(newer) }
    }

    /// Both ends are lines of ours.
    private mutating func recogniseInternal(_ call: inout TrackedCall) {
        if call.direction == .inbound || call.direction == .outbound {
            if let local = call.local?.number { index.learn(line: local, of: call.source) }
            if let remote = call.remote?.number, index.isOurs(remote, of: call.source) {
                call.direction = .internal
                fired(.madeInternal, call.id)
            }
        }
    }

    /// A fact that moved nothing is still told if it adds to what is known, or is a word not heard of this call yet.
    private mutating func tellIfChanged(
        _ call: TrackedCall, since before: CallData, isNews: Bool, _ occasion: Occasion
    ) {
        let after = call.data(words: occasion.words)
        var comparable = after
        comparable.basis = before.basis
        comparable.provider = before.provider
        guard isNews || comparable != before else { return fired(.nothingNew, call.id) }
        fired(.updated, call.id)
        tell(.callUpdated, call, occasion, after)
    }
}
