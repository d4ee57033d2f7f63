import Testing

@testable import ProviderSimulator

@Suite(.timeLimit(.minutes(2))) struct KeyyoNotificationTests {
    private static let every =
        "account=_ACCOUNT_&caller=_CALLER_&callee=_CALLEE_&type=_N_TYPE_&callref=_CALLREF_&version=_N_VERSION_"
        + "&dref=_DREF_&drefreplace=_DREF_REPLACE_&sessionid=_SESSION_ID_&isacd=_IS_ACD_"
        + "&redirectingnumber=_REDIRECTING_NUMBER_&tsms=_TSMS_"

    private func setup(_ extra: String = "") -> String {
        #"{"keyyo":{"account":"33199000021","caller":"33639980021","callee":"33199000021","type":"SETUP"\#(extra)}}"#
    }

    /// The query of the first notification of a line.
    private func query(_ line: String, template: String = every) throws -> [String: String] {
        guard case .keyyo(let notification) = try ScenarioLine(line).action else { throw NeverHappened() }
        let target = try KeyyoTarget("http://127.0.0.1:8480/hooks?\(template)")
        let filled = target.filled(with: notification.values(at: .now, in: ScenarioRun()))
        let request = try #require(Request(method: "GET", target: filled, headers: [], body: []))
        return Dictionary(request.query.map { ($0.name, $0.value) }) { first, _ in first }
    }

    @Test func everyKeywordIsFilled() throws {
        let query = try query(setup(#","acd":true,"session":"s","redirecting":"33199000020""#))
        #expect(query["account"] == "33199000021")
        #expect(query["caller"] == "33639980021")
        #expect(query["type"] == "SETUP")
        #expect(query["version"] == "1")
        #expect(query["isacd"] == "1")
        #expect(query["redirectingnumber"] == "33199000020")
        #expect(query["drefreplace"] == "")
        #expect(query["dref"]?.count == 32)
        #expect(query["callref"] != query["dref"])
        #expect(query["sessionid"]?.isEmpty == false)
        #expect(query["tsms"]?.count == 13)
    }

    @Test func literalsAndUnreplacedKeywords() throws {
        let query = try query(setup(#","dref":"a b&c","tsms":"","unreplaced":["_CALLREF_"]"#))
        #expect(query["dref"] == "a b&c")
        #expect(query["tsms"] == "")
        #expect(query["callref"] == "_CALLREF_")
    }

    @Test func onlyValuesAreReplaced() throws {
        #expect(try query(setup(), template: "_ACCOUNT_=_ACCOUNT_&t=_N_TYPE_")["_ACCOUNT_"] == "33199000021")
    }

    @Test(arguments: [
        "https://127.0.0.1:1/?t=_N_TYPE_", "http://example.com/?t=_N_TYPE_", "http://127.0.0.1:1/?a=_ACCOUNT_",
        "http://127.0.0.1:1/ x?t=_N_TYPE_", "http://127.0.0.1:0/?t=_N_TYPE_", "nonsense",
    ])
    func refusesTargets(_ text: String) {
        #expect(throws: SimulatorError.self) { try KeyyoTarget(text) }
    }

    @Test func pickUpNamesTheReplacedDialogue() async throws {
        try await withSimulator { receiver, client in
            try await withSimulator {
                $0.keyyoTargets = [
                    try KeyyoTarget("http://127.0.0.1:\(client.port)/other?t=_N_TYPE_"),
                    try KeyyoTarget("33199000021=http://127.0.0.1:\(client.port)/first?t=_N_TYPE_&d=_DREF_"),
                    try KeyyoTarget("33199000022=http://127.0.0.1:\(client.port)/second?t=_N_TYPE_&r=_DREF_REPLACE_"),
                ]
            } _: { simulator, _ in
                try await simulator.play(setup(#","call":"a""#))
                try await until { receiver.requestCount == 1 }
                try await simulator.play(
                    #"{"keyyo":{"account":"33199000022","caller":"33199000022","callee":"33639980021","type":"SETUP","#
                        + #""call":"b","replaces":"a"}}"#)
                try await until { receiver.requestCount == 2 }
                let targets = receiver.log.requests.map(\.target)
                #expect(targets[0].hasPrefix("/first?t=SETUP&d="))
                #expect(targets[1] == targets[0].replacing("/first?t=SETUP&d=", with: "/second?t=SETUP&r="))
                try await until { simulator.log.notifications.allSatisfy { $0.status == 404 } }
            }
        }
    }

    /// The guide knows no retry.
    @Test(arguments: [
        #"{"fault":{"provider":"ovh","kind":"status","value":503}}"#, #"{"fault":{"provider":"ovh","kind":"cut"}}"#,
    ])
    func neverRepeats(fault: String) async throws {
        try await withSimulator { receiver, client in
            try await receiver.play(fault)
            try await withSimulator {
                $0.keyyoTargets = [try KeyyoTarget("http://127.0.0.1:\(client.port)/ovh/?token=K&t=_N_TYPE_")]
            } _: { simulator, _ in
                try await simulator.play(setup())
                try await until {
                    simulator.log.notifications.first.map { $0.status == 503 || $0.problem != nil } == true
                }
                try await simulator.play(#"{"note":"nothing more comes"}"#)
                #expect(receiver.requestCount == 1)
                #expect(simulator.log.notifications.count == 1)
            }
        }
    }

    @Test func nobodyListens() async throws {
        try await withSimulator {
            $0.keyyoTargets = [try KeyyoTarget("http://127.0.0.1:1/?t=_N_TYPE_")]
        } _: { simulator, _ in
            try await simulator.play(setup())
            try await until { simulator.log.notifications.first?.problem != nil }
            #expect(simulator.log.notifications.first?.problem == "no connection to 127.0.0.1:1")
        }
    }
}
