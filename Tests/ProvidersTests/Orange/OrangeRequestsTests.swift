import CallModel
import Providers
import Testing

/// Orange guide of 2010: the requests, parameter by parameter.
struct OrangeRequestsTests {
    private let services = OrangeRequests.Services(
        call: "http://h/call/", conference: "https://h:8/conf", messages: "http://h/sms")

    private func requests(
        country: String? = "FR", names: OrangeNames = OrangeNames(), charset: OrangeRequests.Charset = .utf8,
        history: OrangeHistory = OrangeHistory()
    ) -> OrangeRequests {
        OrangeRequests(
            services: services, key: Redacted("k&y/1"), numbers: NumberPlan(country: country), names: names,
            charset: charset, history: history)
    }

    @Test(arguments: [
        "+33639980051", "0033639980051", "0639980051", "33639980051", "06 39 98 00 51", "06.39.98.00.51",
        "+33 (0)6 39 98 00 51", "06\u{A0}39\u{202F}98-00/51",
    ])
    func everyNotationIsSentInternationallyWithoutAPlus(_ typed: String) throws {
        let request = try requests().createCall(from: "0199000051", to: typed)
        #expect(request.method == .get)
        #expect(
            request.url.exposed
                == "http://h/call/createCall.xml?id=k%26y%2F1&from=33199000051&to=33639980051")
    }

    @Test(arguments: ["", "abc", "17", "3900", "20345", "639980051", "0", "+", "+33a", "0639"])
    func whatCannotBeWrittenLikeThatIsNotSent(_ typed: String) {
        #expect(throws: OrangeRefusal.self) { try requests().createCall(from: "0199000051", to: typed) }
        #expect(throws: OrangeRefusal.self) { try requests().createCall(from: typed, to: "0199000051") }
    }

    @Test func aNationalNumberNeedsACountry() throws {
        #expect(throws: OrangeRefusal.self) {
            try requests(country: nil).createCall(from: "33199000051", to: "0639980051")
        }
        #expect(
            try requests(country: nil).createCall(from: "33199000051", to: "+33639980051").url.exposed
                .hasSuffix("&to=33639980051"))
    }

    @Test func theKeyIsShownNowhere() throws {
        let request = try requests().createCall(from: "0199000051", to: "0639980051")
        #expect(!"\(request) \(String(reflecting: request))".contains("k%26y"))
        #expect(!"\(requests())".contains("k&y"))
    }

    @Test func namesThatNobodyPublishedAreConfigured() throws {
        var names = OrangeNames()
        names.confirmation = "confirm it"
        names.callConstants = ["private": "true", "a": "é"]
        names.accessMode = "mode"
        names.callers = "list"
        names.start = "begin"
        let url = try requests(names: names).createCall(from: "0199000051", to: "0639980051").url.exposed
        #expect(url.hasSuffix("&confirm%20it=1&a=%C3%A9&private=true"))
        let start = try #require(Timestamp(rfc3339: "2026-11-21T09:30:00Z"))
        let conference = OrangeConference(access: .caller, numbers: ["0639980051"], minutes: 20, start: start)
        #expect(
            try requests(names: names).createConference(conference).url.exposed
                .hasSuffix("&mode=caller&list=33639980051&duration=20&begin=2026-11-21T09%3A30%3A00.000Z"))
        #expect(throws: OrangeRefusal.self) { try requests().createConference(conference) }
    }

    @Test func anIdIsEncoded() {
        #expect(
            requests().releaseCall("a/b é&+1").url.exposed
                == "http://h/call/releaseCall.xml?id=k%26y%2F1&call_id=a%2Fb%20%C3%A9%26%2B1")
    }

    // MARK: - Conferences

    @Test(arguments: [
        (OrangeConference.Access.room, "room"), (.roomAndCaller, "room%2Bcaller"), (.none, "none"),
    ])
    func eachAccessModeIsEncoded(_ access: OrangeConference.Access, _ text: String) throws {
        let request = try requests().createConference(OrangeConference(access: access, minutes: 20))
        #expect(
            request.url.exposed
                == "https://h:8/conf/createConference.xml?id=k%26y%2F1&access_mode=\(text)&duration=20")
    }

    @Test(arguments: [[], [" , "], [""]])
    func knownCallersMustBeKnown(_ numbers: [String]) {
        #expect(throws: OrangeRefusal.self) {
            try requests().createConference(OrangeConference(access: .caller, numbers: numbers, minutes: 20))
        }
        #expect(throws: OrangeRefusal.self) { try requests().addCallers(numbers, to: "6789") }
    }

    @Test(arguments: [0, -1, 1_441])
    func theDurationHasBounds(_ minutes: Int) {
        #expect(throws: OrangeRefusal.self) {
            try requests().createConference(OrangeConference(access: .none, minutes: minutes))
        }
    }

    @Test(arguments: [["0639980051, +33 6 39 98 00 52"], [" 0639980051 ", "0033639980052,"]])
    func listsAreTrimmed(_ numbers: [String]) throws {
        #expect(
            try requests().addCallers(numbers, to: "67 89").url.exposed
                == "https://h:8/conf/addCaller.xml?id=k%26y%2F1&conf_id=67%2089&caller_numbers=33639980051%2C33639980052"
        )
    }

    @Test func aGuestIsCalledIntoTheConference() throws {
        #expect(
            try requests().callGuest(
                "0639980051", into: "6789", notificationURL: Redacted("https://c.example/h?ctibridge_call=c1")
            ).url.exposed
                == "https://h:8/conf/createCall.xml?id=k%26y%2F1&from=33639980051&to=6789"
                + "&notification_url=https%3A%2F%2Fc.example%2Fh%3Fctibridge_call%3Dc1")
        #expect(
            try requests().callGuest("0639980051", into: "6789", notificationURL: nil).url.exposed
                .hasSuffix("&from=33639980051&to=6789"))
    }

    // MARK: - Messages

    @Test func aTextIsEncodedOnce() throws {
        #expect(
            try requests().sendSMS(to: "0639980051", text: "Héllo + 100 %\n€", from: "20345").url.exposed
                == "http://h/sms/sendSMS.xml?id=k%26y%2F1&to=33639980051"
                + "&content=H%C3%A9llo%20%2B%20100%20%25%0A%E2%82%AC&from=20345")
    }

    @Test func anotherCharsetIsAnOption() throws {
        let latin = requests(charset: .latin1)
        #expect(
            try latin.sendSMS(to: "38100", text: "é", from: nil).url.exposed.hasSuffix("&to=38100&content=%E9"))
        #expect(throws: OrangeRefusal.self) { try latin.sendSMS(to: "38100", text: "€", from: nil) }
    }

    @Test(arguments: ["", String(repeating: "x", count: 1_601)])
    func aTextHasBounds(_ text: String) {
        #expect(throws: OrangeRefusal.self) { try requests().sendSMS(to: "38100", text: text, from: nil) }
    }

    @Test func theHistoryIsAskedOnlyWhereItIs() {
        #expect(requests().getHistory("s1") == nil)
        var history = OrangeHistory()
        history.url = "http://h/sms/getHistory.xml"
        history.parameter = "call id"
        #expect(
            requests(history: history).getHistory("s/1")?.url.exposed
                == "http://h/sms/getHistory.xml?id=k%26y%2F1&call%20id=s%2F1")
    }

    // MARK: - What is remembered

    @Test func theLedgerComesBackFromItsText() {
        let now = Timestamp(milliseconds: 1_795_253_400_000)
        var ledger = OrangeLedger()
        ledger.add(conference: "67 &=89", ends: now.advanced(by: .minutes(20)), now: now)
        ledger.add(conference: "x", ends: now, now: now)
        ledger.add(message: "m1", callID: "s 1+é", askedUntil: now.advanced(by: .minutes(60)), now: now)
        #expect(OrangeLedger(ledger.cursor.value ?? "") == ledger)
        #expect(ledger.conferences == ["67 &=89": now.advanced(by: .minutes(20))])
        for text in ["", "&&=", "c x=abc", "m 1=12", "c =9999999999999999999999"] { _ = OrangeLedger(text) }
        for index in 0..<500 {
            ledger.add(conference: "c\(index)", ends: now.advanced(by: .minutes(Int64(index))), now: now)
        }
        #expect(ledger.conferences.count == OrangeLedger.maximumEntries)
        #expect(ledger.conferences["c499"] != nil)
        ledger.add(conference: "late", ends: now.advanced(by: .days(9)), now: now.advanced(by: .days(8)))
        #expect(ledger.conferences.keys.sorted() == ["late"])
    }

    @Test func aMessageIsAskedAboutUntilItsTimeIsOver() {
        let now = Timestamp(milliseconds: 1_795_253_400_000)
        var ledger = OrangeLedger()
        ledger.add(message: "m1", callID: "1", askedUntil: now.advanced(by: .minutes(60)), now: now)
        ledger.add(message: "m2", callID: "2", askedUntil: now.advanced(by: .minutes(70)), now: now)
        #expect(ledger.messages["m1"]?.callID == "1")
        ledger.forgetMessages(before: now.advanced(by: .minutes(59)))
        #expect(ledger.messages.keys.sorted() == ["m1", "m2"])
        ledger.forgetMessages(before: now.advanced(by: .minutes(60)))
        #expect(ledger.messages.keys.sorted() == ["m2"])
        ledger.forget(message: "m2")
        #expect(ledger.messages.isEmpty)
    }

    /// Whose time is over first makes room.
    @Test func theMessagesAreBounded() {
        let now = Timestamp(milliseconds: 1_795_253_400_000)
        var ledger = OrangeLedger()
        for index in 0..<500 {
            ledger.add(
                message: "m\(index)", callID: "x", askedUntil: now.advanced(by: .minutes(Int64(1 + index))), now: now)
        }
        #expect(ledger.messages.count == OrangeLedger.maximumEntries)
        #expect(ledger.messages["m499"] != nil)
        #expect(ledger.messages["m0"] == nil)
    }
}
