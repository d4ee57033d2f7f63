import CallModel
import Providers
import Testing

/// OVH guide for version 1, public clients for version 2: which request comes next, and what a reply means.
struct OVHSessionTests {
    private let token = "ABCDEFAB-CDEF-ABCD-EFAB-CDEFABCDEFAB"

    private func v1(session: String? = nil) -> OVHSession {
        OVHSession(
            version: .v1, baseURL: "https://events.voip.ovh.net/", tokens: [Redacted(token)], slot: "0",
            session: session)
    }

    private func v2(tokens: [String] = ["one", "two/2"], session: String? = nil) -> OVHSession {
        OVHSession(
            version: .v2, baseURL: "https://events.voip.ovh.net", tokens: tokens.map { Redacted($0) }, slot: "0",
            session: session)
    }

    private func reply(_ body: String = "", status: Int = 200, retryAfter: Int? = nil) -> Result<HTTPReply, HTTPFailure>
    {
        .success(HTTPReply(status: status, retryAfterSeconds: retryAfter, body: Array(body.utf8)))
    }

    private func url(_ session: OVHSession) -> String {
        let request = session.nextRequest()
        return "\(request.method.rawValue) \(request.url.exposed)"
    }

    // MARK: - Version 1

    @Test func theSessionIsSentFromTheSecondPollOnAlwaysTheNewest() {
        var session = v1()
        #expect(url(session) == "GET https://events.voip.ovh.net/?token=\(token)")
        let first = session.received(reply(#"{"Session":"a b/é","Message":"","Events":[]}"#), elapsed: .seconds(60))
        #expect(first == .idle(cursor: PollCursor(slot: "0", value: "a b/é")))
        #expect(url(session) == "GET https://events.voip.ovh.net/?token=\(token)&session=a%20b%2F%C3%A9")
        let second = session.received(reply(#"{"session":"S2","events":[{"event":"x"}]}"#), elapsed: .seconds(1))
        #expect(second == .delivered(cursor: PollCursor(slot: "0", value: "S2")))
        #expect(url(session).hasSuffix("&session=S2"))
    }

    @Test func aReplyWithoutASessionKeepsTheLastOne() {
        var session = v1(session: "S1")
        for body in [#"[]"#, #"[{"Event":"x"}]"#, #"{"Events":[]}"#, "", #"{"Session":"","Events":[]}"#] {
            _ = session.received(reply(body), elapsed: .seconds(60))
            #expect(url(session).hasSuffix("&session=S1"))
        }
    }

    @Test func aRestartGoesOnFromTheStoredSession() {
        #expect(url(v1(session: "S9")).hasSuffix("&session=S9"))
    }

    @Test(arguments: [
        #"{"Session":"S","Message":"","Events":[]}"#, "[]", "", "{}", #"{"Session":"S","Events":null}"#,
    ])
    func nothingIsIdle(_ body: String) {
        var session = v1(session: "S")
        #expect(session.received(reply(body), elapsed: .seconds(60)) == .idle(cursor: nil))
    }

    /// What an idle reply looks like is documented nowhere: a text is one if it was held like one.
    @Test func aTextThatWasHeldIsIdleAndOneAtOnceIsNot() {
        var session = v1()
        #expect(session.received(reply("no events"), elapsed: .seconds(60)) == .idle(cursor: nil))
        guard case .unreadable = session.received(reply("<html>"), elapsed: .seconds(0)) else { return unexpected() }
    }

    /// What version 2 says of an idle minute, and nothing else that is said so soon.
    @Test(arguments: [
        ("Timeout, please reconnect", true), (" timeout, PLEASE reconnect\r\n", true),
        (#""Timeout, please reconnect""#, true), (#" "Timeout, please reconnect " "#, true),
        ("Timeout, please reconnect later", false), ("Gateway timeout", false), (#""Invalid token""#, false),
        ("<html>Timeout, please reconnect</html>", false),
    ])
    func theWordsOfVersionTwoAreIdleInVersionOne(_ text: String, _ isIdle: Bool) {
        var session = v1(session: "S1")
        for (elapsed, isHeld) in [(Span.seconds(60), true), (.seconds(1), true), (.milliseconds(20), false)] {
            let verdict = session.received(reply(text), elapsed: elapsed)
            if isHeld, isIdle || elapsed == .seconds(60) {
                #expect(verdict == .idle(cursor: nil))
            } else {
                guard case .unreadable = verdict else { return unexpected() }
            }
            #expect(url(session).hasSuffix("&session=S1"))
        }
    }

    @Test func anErrorInJSONIsNoIdleReply() {
        var session = v1()
        let verdict = session.received(reply(#"{"message":"Invalid token"}"#), elapsed: .seconds(0))
        guard case .unreadable = verdict else { return unexpected() }
    }

    @Test(arguments: [401, 403, 404])
    func theProviderRefusesTheToken(_ status: Int) {
        var session = v1()
        guard case .failed(let reason, refused: true, _) = session.received(reply(status: status), elapsed: .seconds(0))
        else { return unexpected() }
        #expect(!reason.contains(token))
        #expect(url(session).contains(token))
    }

    @Test(arguments: [301, 302, 400, 500, 502, 503])
    func otherStatusesAreFailures(_ status: Int) {
        var session = v1(session: "S1")
        guard
            case .failed(_, refused: false, _) = session.received(
                reply(#"[{"Event":"x"}]"#, status: status), elapsed: .seconds(0))
        else { return unexpected() }
        #expect(url(session).hasSuffix("&session=S1"))
    }

    @Test(arguments: [(17, 17), (Int.max, 86_400), (-5, 0)] as [(Int, Int64)])
    func retryAfterIsPassedOnWithinADay(_ sent: Int, _ seconds: Int64) {
        var session = v1()
        guard
            case .failed(_, _, let retryAfter) = session.received(
                reply(status: 429, retryAfter: sent), elapsed: .seconds(0))
        else { return unexpected() }
        #expect(retryAfter == .seconds(seconds))
    }

    @Test func aFailedTransferIsAFailure() {
        var session = v1()
        let failure = HTTPFailure(kind: .timedOut, detail: "no byte for 75 s", mayHaveBeenSent: true)
        #expect(
            session.received(.failure(failure), elapsed: .seconds(75)) == .failed("no answer in time: no byte for 75 s")
        )
    }

    @Test func aPollMayBeHeldAndItsReplyIsBounded() {
        let request = v1().nextRequest()
        #expect(request.timeout >= .seconds(70))
        #expect(request.timeout <= .seconds(90))
        #expect(request.maximumReplyBytes < 10_000_000)
        #expect(!request.followsOneRedirect)
        #expect(!"\(request)".contains(token))
    }

    // MARK: - Version 2

    /// Makes a session and answers each subscription with a status.
    private func subscribe(_ session: inout OVHSession, _ statuses: [Int], id: String = "BkfFH11M1cf7")
        -> [LongPollVerdict]
    {
        #expect(url(session) == "POST https://events.voip.ovh.net/v2/session")
        var verdicts = [
            session.received(reply(#"{"id":"\#(id)","creation":"2019"}"#, status: 201), elapsed: .seconds(0))
        ]
        for (index, status) in statuses.enumerated() {
            let token = ["one", "two%2F2"][index]
            #expect(url(session) == "POST https://events.voip.ovh.net/v2/session/\(id)/subscribe/\(token)")
            let text = "Successfully subscribed on token"
            verdicts.append(session.received(reply(text, status: status), elapsed: .seconds(0)))
        }
        return verdicts
    }

    /// Until when it was heard, and that the next one begins with a session of its own.
    private let noSession = LongPollVerdict.idle(cursor: PollCursor(slot: "0", value: ""), isNeeded: false)

    @Test func anIdleMinuteSaysUntilWhenItWasHeard() {
        var session = v2(session: "stored")
        let stored = LongPollVerdict.idle(cursor: PollCursor(slot: "0", value: "stored"), isNeeded: false)
        #expect(session.received(reply("[]"), elapsed: .seconds(60)) == stored)
        #expect(session.received(reply(""), elapsed: .seconds(60)) == stored)
        #expect(url(v2(session: "")) == "POST https://events.voip.ovh.net/v2/session")
    }

    /// From its first subscription on a session collects what only its poll brings.
    @Test func whatIsCutIsLostInVersionTwoOnly() {
        #expect(!v1(session: "S").losesWhatIsCut)
        var session = v2()
        #expect(!session.losesWhatIsCut)
        _ = session.received(reply(#"{"id":"BkfFH11M1cf7"}"#), elapsed: .seconds(0))
        #expect(session.losesWhatIsCut)
        #expect(v2(session: "stored").losesWhatIsCut)
        _ = session.received(reply(status: 200), elapsed: .seconds(0))
        _ = session.received(reply(status: 200), elapsed: .seconds(0))
        #expect(session.losesWhatIsCut)
        _ = session.received(reply("Timeout, please reconnect"), elapsed: .seconds(60))
        #expect(!session.losesWhatIsCut)
    }

    /// Each idle minute ends a session: on connections of their own its requests would cost a TLS handshake a token.
    @Test func whatComesBeforeAPollMayTakeItsConnection() {
        var session = v2()
        for answer in [#"{"id":"s"}"#, "Successfully subscribed", "Successfully subscribed"] {
            #expect(session.nextRequest().isRepeatable, "\(url(session))")
            _ = session.received(reply(answer), elapsed: .seconds(0))
        }
        #expect(url(session).hasSuffix("/events/poll") && !session.nextRequest().isRepeatable)
    }

    @Test func aSessionIsMadeAndEveryTokenSubscribed() {
        var session = v2()
        #expect(subscribe(&session, [200, 200]) == [.prepared, .prepared, .prepared])
        #expect(url(session) == "GET https://events.voip.ovh.net/v2/session/BkfFH11M1cf7/events/poll")
        let verdict = session.received(reply(#"[{"event":"start_ringing"}]"#), elapsed: .seconds(3))
        #expect(verdict == .delivered(cursor: PollCursor(slot: "0", value: "BkfFH11M1cf7")))
    }

    /// The normal end of an idle minute: nothing is lost, nothing is told, and the new id is polled.
    @Test func aTimeoutThatWasHeldMakesANewSession() {
        var session = v2()
        _ = subscribe(&session, [200, 200])
        #expect(session.received(reply(#""Timeout, please reconnect""#), elapsed: .seconds(60)) == noSession)
        #expect(subscribe(&session, [200, 200], id: "second") == [.prepared, .prepared, .prepared])
        #expect(url(session).hasSuffix("/v2/session/second/events/poll"))
    }

    /// A whole night without a call: never a failure, never a pause, nothing told but the beginning.
    @Test func anIdleNightIsQuiet() {
        var session = v2(tokens: ["one"])
        var machine = PollStateMachine()
        var now = Timestamp(milliseconds: 1_767_603_600_000)
        var told: [SourceReport.Change] = []
        for _ in 0..<600 {
            var actions: [PollStateMachine.Action] = []
            for _ in subscribe(&session, [200]) { actions += machine.prepared() }
            #expect(session.received(reply("Timeout, please reconnect"), elapsed: .seconds(60)) == noSession)
            now = now.advanced(by: .seconds(60))
            actions += machine.replied(isIdle: true, elapsed: .seconds(60), now: now)
            for action in actions {
                switch action {
                case .poll(let after): #expect(after == .seconds(0))
                case .report(let report): told.append(report.change)
                }
            }
        }
        #expect(told == [.up])
    }

    @Test func aTimeoutAtOnceIsALostSession() {
        var session = v2()
        _ = subscribe(&session, [200, 200])
        guard case .sessionLost = session.received(reply("Timeout, please reconnect"), elapsed: .milliseconds(20))
        else { return unexpected() }
    }

    @Test func anUnknownSessionIsAGap() {
        var session = v2(session: "stored")
        #expect(url(session).hasSuffix("/v2/session/stored/events/poll"))
        guard case .sessionLost = session.received(reply(status: 404), elapsed: .seconds(0)) else {
            return unexpected()
        }
        _ = subscribe(&session, [200, 200], id: "new")
        #expect(url(session).hasSuffix("/v2/session/new/events/poll"))
    }

    @Test(arguments: [(401, ""), (403, ""), (410, ""), (200, "Session not found\n")])
    func aSessionThatIsNotKnownInOtherWordsIsAGapToo(_ status: Int, _ text: String) {
        var session = v2(session: "stored")
        guard case .sessionLost = session.received(reply(text, status: status), elapsed: .seconds(0)) else {
            return unexpected()
        }
        #expect(url(session).hasSuffix("/v2/session"))
    }

    /// The server has given away what it was writing into a dead connection.
    @Test func aPollThatIsCutMayHaveCostEventsInVersion2Alone() {
        let cut = HTTPFailure(kind: .connectionLost, detail: "cut", mayHaveBeenSent: true)
        var second = v2(session: "stored")
        guard case .unreadable = second.received(.failure(cut), elapsed: .seconds(1)) else { return unexpected() }
        var first = v1()
        guard case .failed = first.received(.failure(cut), elapsed: .seconds(1)) else { return unexpected() }
    }

    @Test func oneRefusedTokenDegradesTheOthersGoOn() {
        var session = v2()
        let verdicts = subscribe(&session, [200, 404])
        #expect(verdicts.dropLast() == [.prepared, .prepared])
        guard case .degraded(let reason)? = verdicts.last else { return unexpected() }
        #expect(reason.contains("token 2 of 2"))
        #expect(!reason.contains("two"))
        #expect(url(session).hasSuffix("/events/poll"))
    }

    @Test func withoutAnyTokenNothingIsPolled() {
        var session = v2()
        let verdicts = subscribe(&session, [403, 403])
        guard case .failed(_, refused: true, _)? = verdicts.last else { return unexpected() }
        #expect(url(session).hasSuffix("/v2/session"))
    }

    @Test func aServerInTroubleWhileSubscribingIsTriedAgainFromTheStart() {
        var session = v2()
        guard case .failed("HTTP 500", refused: false, _)? = subscribe(&session, [500, 500]).last else {
            return unexpected()
        }
        #expect(url(session).hasSuffix("/v2/session"))
    }

    @Test(arguments: [429, 500, 503])
    func oneTokenInTroubleDoesNotDisturbTheOthers(_ status: Int) {
        var session = v2()
        guard case .degraded? = subscribe(&session, [status, 200]).last else { return unexpected() }
        #expect(url(session).hasSuffix("/events/poll"))
    }

    @Test func aTokenWhoseSubscriptionIsCutDoesNotDisturbTheOthers() {
        var session = v2()
        _ = session.received(reply(#"{"id":"s"}"#), elapsed: .seconds(0))
        let cut = HTTPFailure(kind: .timedOut, detail: "no byte for 15 s", mayHaveBeenSent: true)
        #expect(session.received(.failure(cut), elapsed: .seconds(15)) == .prepared)
        guard case .degraded = session.received(reply(), elapsed: .seconds(0)) else { return unexpected() }
    }

    @Test func aRefusedTokenIsAskedForAgainWithoutLosingTheSession() {
        var session = v2()
        _ = subscribe(&session, [200, 403])
        _ = session.received(reply("[]"), elapsed: .seconds(59))
        #expect(url(session).hasSuffix("/events/poll"))
        _ = session.received(reply("[]"), elapsed: .seconds(1))
        #expect(url(session).hasSuffix("/BkfFH11M1cf7/subscribe/two%2F2"))
        guard case .degraded = session.received(reply(status: 403), elapsed: .seconds(0)) else { return unexpected() }
        #expect(url(session).hasSuffix("/BkfFH11M1cf7/events/poll"))
        _ = session.received(reply("[]"), elapsed: .seconds(60))
        #expect(session.received(reply(), elapsed: .seconds(0)) == .prepared)
        _ = session.received(reply("[]"), elapsed: .seconds(60))
        #expect(url(session).hasSuffix("/events/poll"))
    }

    // MARK: - Tokens whose subscription hangs

    /// Plays until the next poll against a server that knows the tokens `t0`, `t1`, …, and never answers for some.
    /// - Parameters:
    ///   - takes: for a subscription that is granted.
    ///   - slow: for those of some tokens.
    /// - Returns: the tokens asked for, and how long all of it took.
    private func untilPoll(
        _ session: inout OVHSession, hanging: Set<Int>, takes: Span = .milliseconds(50), slow: [Int: Span] = [:]
    ) -> (asked: [Int], took: Span, last: LongPollVerdict?) {
        var (asked, took, last) = ([Int](), Int64(0), LongPollVerdict?.none)
        for _ in 0..<200 where !url(session).hasSuffix("/events/poll") {
            let request = session.nextRequest()
            guard
                let token = request.url.exposed.split(separator: "/subscribe/t").dropFirst().first.flatMap({ Int($0) })
            else {
                last = session.received(reply(#"{"id":"s"}"#), elapsed: .milliseconds(0))
                continue
            }
            asked.append(token)
            let takes = slow[token] ?? takes
            let isInTime = !hanging.contains(token) && takes < request.timeout
            let elapsed = isInTime ? takes : request.timeout
            took += elapsed.milliseconds
            let late = HTTPFailure(kind: .timedOut, detail: "late", mayHaveBeenSent: true)
            last = session.received(isInTime ? reply() : .failure(late), elapsed: elapsed)
        }
        return (asked, Span(milliseconds: took), last)
    }

    private func many(_ count: Int) -> OVHSession { v2(tokens: (0..<count).map { "t\($0)" }) }

    @Test func aTokenThatHangsCostsTheOthersLittleAndLess() {
        var session = many(3)
        let first = untilPoll(&session, hanging: [0])
        #expect(first.asked == [0, 1, 2])
        #expect(first.took < .milliseconds(3_500))
        guard case .degraded? = first.last else { return unexpected() }
        // A minute with events: the session stays.
        _ = session.received(reply("[]"), elapsed: .seconds(60))
        let again = untilPoll(&session, hanging: [0])
        #expect(again.asked == [0])
        #expect(again.took <= .seconds(2))
        // And one without: a new session has those that work before it waits.
        #expect(session.received(reply("Timeout, please reconnect"), elapsed: .seconds(60)) == noSession)
        let renewed = untilPoll(&session, hanging: [0])
        #expect(renewed.asked == [1, 2, 0])
        #expect(renewed.took < .milliseconds(3_500))
        // It is well again, and no longer comes last.
        _ = session.received(reply("[]"), elapsed: .seconds(60))
        #expect(untilPoll(&session, hanging: []).last == .prepared)
        _ = session.received(reply("Timeout, please reconnect"), elapsed: .seconds(60))
        #expect(untilPoll(&session, hanging: []).asked == [0, 1, 2])
    }

    @Test(arguments: ["[]", "Timeout, please reconnect"])
    func ofSeveralThatHangOneIsAskedForAMinute(_ minute: String) {
        var session = many(10)
        let first = untilPoll(&session, hanging: [0, 3, 4])
        #expect(first.asked == Array(0..<10))
        #expect(first.took < .seconds(10))
        var asked: [Int] = []
        for _ in 0..<6 {
            _ = session.received(reply(minute), elapsed: .seconds(60))
            let round = untilPoll(&session, hanging: [0, 3, 4])
            #expect(round.took < .milliseconds(3_500))
            guard case .degraded? = round.last else { return unexpected() }
            asked += round.asked.filter { [0, 3, 4].contains($0) }
        }
        #expect(asked == [0, 3, 4, 0, 3, 4])
        // All are well again: found out at once.
        _ = session.received(reply(minute), elapsed: .seconds(60))
        let well = untilPoll(&session, hanging: [])
        #expect(well.last == .prepared)
        #expect(Set(well.asked).isSuperset(of: [0, 3, 4]))
    }

    /// A refusal costs nobody time: each is asked for again, unless the noes are slow.
    @Test func refusedTokensAreAllAskedForAgainWhileThatIsQuick() {
        var session = many(4)
        _ = session.received(reply(#"{"id":"s"}"#), elapsed: .seconds(0))
        for status in [200, 403, 403, 403] { _ = session.received(reply(status: status), elapsed: .milliseconds(50)) }
        for (each, expected) in [(Span.milliseconds(50), 3), (.seconds(2), 2)] {
            _ = session.received(reply("[]"), elapsed: .seconds(60))
            var asked = 0
            while url(session).contains("/subscribe/"), asked < 9 {
                _ = session.received(reply(status: 403), elapsed: each)
                asked += 1
            }
            #expect(asked == expected)
        }
    }

    /// A first round of nothing but hanging ones is given up, and must not hide the good one behind them for ever.
    @Test func aGoodTokenBehindManyThatHangIsFound() {
        var session = many(8)
        let hanging = Set(0..<7)
        let found = untilPoll(&session, hanging: hanging)
        #expect(found.asked == [0, 1, 2, 3, 4, 5, 6, 7])
        #expect(found.took < .seconds(6))
        guard case .degraded(let reason)? = found.last else { return unexpected() }
        #expect(reason.contains("token 1, 2, 3, 4, 5, 6, 7 of 8"))
        _ = session.received(reply("Timeout, please reconnect"), elapsed: .seconds(60))
        let next = untilPoll(&session, hanging: hanging)
        #expect(next.asked == [7, 0])
        #expect(next.took < .milliseconds(3_500))
    }

    @Test func aServerThatIsSlowForEveryTokenIsGivenTheTime() {
        var session = many(3)
        let first = untilPoll(&session, hanging: [], takes: .seconds(4))
        #expect(first.asked == [0, 1, 2, 0, 1, 2])
        #expect(first.last == .prepared)
        for _ in 0..<3 {
            _ = session.received(reply("Timeout, please reconnect"), elapsed: .seconds(60))
            let next = untilPoll(&session, hanging: [], takes: .seconds(4))
            #expect(next.asked == [0, 1, 2])
            #expect(next.last == .prepared)
        }
    }

    /// It does not hang, but is slower than the others are made to wait for it.
    @Test func aTokenThatIsSlowIsWaitedForNowAndThen() {
        var session = many(3)
        var rounds = 0
        var last = untilPoll(&session, hanging: [], slow: [1: .seconds(6)]).last
        var took = Span.milliseconds(0)
        while last != .prepared, rounds < 30 {
            rounds += 1
            _ = session.received(reply("[]"), elapsed: .seconds(60))
            let round = untilPoll(&session, hanging: [], slow: [1: .seconds(6)])
            (last, took) = (round.last, round.took)
            #expect(took <= .seconds(2) || last == .prepared)
        }
        #expect(rounds == 10 && took == .seconds(6))
    }

    /// Once it is known to be slow, an idle minute, which ends its session, does not part it from its events.
    @Test func aTokenThatIsKnownToBeSlowIsWaitedFor() {
        var session = many(2)
        _ = untilPoll(&session, hanging: [], slow: [1: .milliseconds(1_900)])
        for _ in 0..<3 {
            _ = session.received(reply("Timeout, please reconnect"), elapsed: .seconds(60))
            #expect(untilPoll(&session, hanging: [], slow: [1: .milliseconds(3_500)]).last == .prepared)
        }
        // Where it no longer answers at all, it costs that once.
        _ = session.received(reply("Timeout, please reconnect"), elapsed: .seconds(60))
        _ = untilPoll(&session, hanging: [1])
        _ = session.received(reply("Timeout, please reconnect"), elapsed: .seconds(60))
        #expect(untilPoll(&session, hanging: [1]).took <= .milliseconds(2_100))
    }

    /// However many hang, and wherever they stand in the list, the good ones are found in the first round.
    @Test(arguments: [(10, 8), (30, 20)]) func theGoodTokensArePolledSoon(_ count: Int, _ hanging: Int) {
        for first in [0, 1, count - hanging] {
            var session = many(count)
            let round = untilPoll(&session, hanging: Set(first..<(first + hanging)))
            guard case .degraded? = round.last else { return unexpected() }
            #expect(round.took < .seconds(first == 0 ? 13 : 11), "\(first)")
            #expect(Set(round.asked).count == round.asked.count)
            _ = session.received(reply("[]"), elapsed: .seconds(60))
            let next = untilPoll(&session, hanging: Set(first..<(first + hanging)))
            #expect(next.took <= .seconds(10))
        }
    }

    /// Those for whom there was no time are asked for after the next poll, not in a minute.
    @Test func theRestOfALongRoundFollowsAtOnce() {
        var session = many(40)
        let hanging = Set(1..<39)
        let first = untilPoll(&session, hanging: hanging)
        #expect(first.asked.first == 0 && !first.asked.contains(39))
        #expect(first.took <= .milliseconds(10_500))
        _ = session.received(reply(#"[{"event":"x"}]"#), elapsed: .milliseconds(10))
        let second = untilPoll(&session, hanging: hanging)
        #expect(second.asked.first == first.asked.count)
        #expect(second.took <= .milliseconds(10_500))
        _ = session.received(reply(#"[{"event":"x"}]"#), elapsed: .milliseconds(10))
        #expect(untilPoll(&session, hanging: hanging).asked.contains(39))
    }

    /// A source of which no token works is a source that fails, and is told so in the time of two rounds.
    @Test func whereEveryTokenHangsThatIsSaidSoon() {
        var session = many(10)
        _ = session.received(reply(#"{"id":"s"}"#), elapsed: .seconds(0))
        var took = Int64(0)
        let late = HTTPFailure(kind: .timedOut, detail: "late", mayHaveBeenSent: true)
        var failures = 0
        for _ in 0..<50 where failures < 2 {
            guard url(session).contains("/subscribe/") else {
                _ = session.received(reply(#"{"id":"s"}"#), elapsed: .seconds(0))
                continue
            }
            let wait = session.nextRequest().timeout
            took += wait.milliseconds
            if case .failed = session.received(.failure(late), elapsed: wait) { failures += 1 }
        }
        #expect(failures == 2 && took <= 40_000)
    }

    @Test func theOnlyTokenIsGivenTheTime() {
        var session = many(1)
        let alone = untilPoll(&session, hanging: [], takes: .seconds(14))
        #expect(alone.asked == [0])
        #expect(alone.last == .prepared)
    }

    /// Each may cost a time-out: a server in trouble is not asked a thousand times before it is told.
    @Test func subscribingToAServerInTroubleIsGivenUp() {
        var session = v2(tokens: (0..<1_000).map { "t\($0)" })
        _ = session.received(reply(#"{"id":"s"}"#), elapsed: .seconds(0))
        var requests = 0
        while url(session).contains("/subscribe/"), requests < 1_000 {
            _ = session.received(reply(status: 503), elapsed: .seconds(0))
            requests += 1
        }
        #expect(requests == 5)
        #expect(url(session).hasSuffix("/v2/session"))
    }

    /// What one bad character must not cost: the events beside it.
    @Test(arguments: [
        #"{"x":"\ud83d"}"#, "{\"x\":\"a\tb\u{1}\"}", #"{"x":1e400}"#, #"{"x":NaN}"#, #"{"x":"\q"}"#,
        #"{"x":"# + String(repeating: "[", count: 600) + String(repeating: "]", count: 600) + "}",
    ])
    func anOddValueCostsNoEvent(_ odd: String) {
        var session = v1()
        let body = #"{"Session":"S","Events":[{"Event":"start_ringing","Data":{"CallId":"c"}},\#(odd)]}"#
        let verdict = session.received(reply(body), elapsed: .seconds(1))
        #expect(verdict == .delivered(cursor: PollCursor(slot: "0", value: "S")))
    }

    @Test(arguments: ["", "null", "[]", "{}", #"{"id":null}"#, "<html>"])
    func aSessionWithoutAnIdIsNone(_ body: String) {
        var session = v2()
        guard case .failed = session.received(reply(body), elapsed: .seconds(0)) else { return unexpected() }
        #expect(url(session).hasSuffix("/v2/session"))
    }

    @Test func version1sShapeIsReadAtVersion2sAddress() {
        var session = v2(session: "s")
        let verdict = session.received(reply(#"{"Session":"x","Events":[{"Event":"y"}]}"#), elapsed: .seconds(1))
        #expect(verdict == .delivered(cursor: PollCursor(slot: "0", value: "s")))
    }
}
