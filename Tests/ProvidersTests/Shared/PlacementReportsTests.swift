import CallModel
import Providers
import Testing

/// What becomes of a request for a call says nothing of any other call between the same two numbers.
struct PlacementReportsTests {
    private static let source = SourceName(provider: "keyyo", name: "front-desk")

    private func report(_ result: PlacementResult, _ call: String, after seconds: Int64) -> Delivery {
        PlacementReports.delivery(
            result, call: CallID(rawValue: call), to: "+33639980041", from: "33199000031", body: [],
            source: Self.source, observed: Fixture.start.advanced(by: .seconds(seconds)))
    }

    private static let failures: [PlacementResult] = [
        .refused(status: 400, text: "no", isBarred: false), .refused(status: 400, text: "no", isBarred: true),
        .unreachable("no connection"),
    ]

    /// Somebody tries again while the first call is on its way.
    @Test(arguments: failures)
    func aRequestThatFailedEndsNoOtherCall(_ result: PlacementResult) {
        var bench = Bench()
        bench.feed(report(.accepted, "first", after: 0))
        bench.feed(report(result, "second", after: 5))
        #expect(bench.tracker.liveCalls.map(\.id.rawValue) == ["first"])
        #expect(bench.outcomes.keys.sorted() == ["second"])
        #expect(bench.tracker.call(CallID(rawValue: "first"))?.isOpen == true)
    }

    /// Somebody dialled by hand, and then asked us.
    @Test(arguments: failures)
    func norOneThatANotificationToldOf(_ result: PlacementResult) {
        var bench = Bench()
        let query = "account=33199000031&caller=33199000031&callee=33639980041&type=SETUP&callref=x"
        bench.feed(
            Delivery(
                source: Self.source, observed: Fixture.start, kind: .webhook, attributes: ["query": query]))
        bench.feed(report(result, "second", after: 5))
        #expect(bench.tracker.liveCalls.count == 1)
        #expect(bench.outcomes.keys.sorted() == ["second"])
    }
}
