import CallModel
import Testing

/// How requests are spaced, however many come at once.
struct RequestPacerTests {
    private let now = Timestamp(milliseconds: 1_767_603_600_000)

    @Test func requestsAtOnceGoOneAfterTheOther() {
        var pacer = RequestPacer(interval: .milliseconds(1_100))
        let waits = (0..<4).map { _ in pacer.reserve(now: now) }
        #expect(waits == [.seconds(0), .milliseconds(1_100), .milliseconds(2_200), .milliseconds(3_300)])
    }

    @Test func aTurnNobodyTookIsNotSavedUp() {
        var pacer = RequestPacer(interval: .seconds(1))
        _ = pacer.reserve(now: now)
        let later = now.advanced(by: .minutes(1))
        #expect(pacer.reserve(now: later) == .seconds(0))
        #expect(pacer.reserve(now: later.advanced(by: .milliseconds(300))) == .milliseconds(700))
    }
}
