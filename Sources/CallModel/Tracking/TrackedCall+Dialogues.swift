/// One of the dialogues that a call consists of (Keyyo: one CALLREF, several DREFs).
struct Dialogue: Hashable, Sendable, Codable {
    let key: CallKey
    var began: Moment?
    var connected: Moment?
    var ended: Moment?
    /// The dialogue that it takes the place of: it rings nobody.
    var replaces: CallKey?

    /// Nobody is rung for it: whatever goes on for so long is a conversation.
    fileprivate func isUnseenTakeover(settle: Span) -> Bool {
        replaces != nil && connected == nil && Moment.span(from: began, to: ended).map { $0 > settle } == true
    }
}

/// A line may have several telephones that ring for one call, and one of them may take it from another. Each has a
/// dialogue of its own, whose end is that of the call only where no other goes on.
extension TrackedCall {
    /// By which other calls name this one when they take it over.
    var dialogKeys: [CallKey] {
        guard let dialogues else { return dialog.map { [$0] } ?? [] }
        return dialogues.map(\.key)
    }

    /// Takes in what a fact says about its dialogue.
    mutating func noteDialogue(_ fact: CallFact, at moment: Moment) {
        guard let key = fact.dialog else { return }
        var known =
            dialogues
            ?? dialog.map {
                [Dialogue(key: $0, began: started, connected: wasConnected ? connected ?? started : nil, ended: ended)]
            } ?? []
        if !known.contains(where: { $0.key == key }) {
            // One call rings few telephones; the bound is for a provider gone mad.
            guard known.count < EventEncoder.maximumLegs else { return }
            known.append(Dialogue(key: key))
        }
        guard let index = known.firstIndex(where: { $0.key == key }) else { return }
        known[index].replaces = known[index].replaces ?? fact.replaces
        switch fact.step {
        case .initiated, .ringing: known[index].began = known[index].began ?? moment
        case .connected: known[index].connected = known[index].connected ?? moment
        case .ended: known[index].ended = known[index].ended ?? moment
        default: break
        }
        dialogues = known
    }

    /// Whether a dialogue goes on, as far as was told: one that talks; one that rings while none has talked, or that
    /// began after that; one that takes the place of another, which does not. What else rang was silent when one was
    /// answered.
    var hasOpenDialogue: Bool {
        guard let dialogues, dialogues.count > 1 else { return false }
        let answer = dialogues.compactMap(\.connected).min(by: Moment.precedes)
        return dialogues.contains { dialogue in
            guard dialogue.ended == nil else { return false }
            if let taker = dialogues.first(where: { $0.replaces == dialogue.key }) {
                return dialogue.connected != nil && taker.connected == nil && taker.ended == nil
            }
            guard dialogue.connected == nil, let answer else { return true }
            return dialogue.replaces != nil || dialogue.began.map { Moment.precedes(answer, $0) } == true
        }
    }

    /// Whether the dialogue of this fact is known to be over.
    func isOver(dialogueOf fact: CallFact) -> Bool {
        dialogues?.first { $0.key == fact.dialog }?.ended != nil
    }

    /// When the last dialogue that talked was over, or where none did the last that rang. Nil for a call with one
    /// dialogue. One that takes the place of another talked, if it went on for longer than the settle window.
    func lastDialogueEnded(settle: Span) -> Moment? { lastDialogue(settle: settle)?.ended }

    /// Whether the last of several dialogues took the place of another and talked, and its answer was not seen.
    func endsWithUnseenTakeover(settle: Span) -> Bool {
        lastDialogue(settle: settle)?.isUnseenTakeover(settle: settle) == true
    }

    private func lastDialogue(settle: Span) -> Dialogue? {
        guard let dialogues, dialogues.count > 1 else { return nil }
        let talked = dialogues.filter { $0.connected != nil || $0.isUnseenTakeover(settle: settle) }
        return (talked.isEmpty ? dialogues : talked)
            .max { one, other in
                guard let first = one.ended, let last = other.ended else {
                    return one.ended == nil && other.ended != nil
                }
                return Moment.precedes(first, last)
            }
    }

    /// When the dialogue that takes another one's place began.
    var takeoverBegan: Moment? { dialogues?.first { $0.replaces != nil }?.began }
}
