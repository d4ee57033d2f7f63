import CallModel
import Dispatch
import EventJournal
import Foundation
import HostSupport
import ScratchDirectory
import Testing

@testable import BridgeDaemon

@Suite(.timeLimit(.minutes(1))) struct WriteWatchTests {
    @Test func theLongestCounts() {
        let watch = WriteWatch()
        let began = MonotonicClock.now()
        #expect(watch.longest(at: began.advanced(by: .hours(1))) == .milliseconds(0))
        watch.during {
            watch.during {}
            #expect(watch.longest(at: began.advanced(by: .hours(1))) > .minutes(59))
        }
        #expect(watch.longest(at: began.advanced(by: .hours(1))) == .milliseconds(0))
    }

    /// An order's write that hangs shows, and keeps nobody from looking something up.
    @Test func aWriteThatHangsKeepsNobodyFromReading() async throws {
        let scratch = try ScratchDirectory()
        defer { scratch.remove() }
        let path = scratch.path("journal.sqlite")
        let watch = WriteWatch()
        let work = JournalWork(try EventJournal(path: path, now: WallClock.now()), writes: watch)
        let release = DispatchSemaphore(value: 0)
        let (reached, reach) = AsyncStream<Void>.makeStream()
        let began = MonotonicClock.now()
        let writing = Task {
            try await work.write { _ in
                reach.finish()
                release.wait()
            }
        }
        for await _ in reached {}
        let queued = (0..<4).map { _ in Task { try await work.write { _ in } } }
        #expect(watch.longest(at: began.advanced(by: .minutes(1))) > .seconds(50))
        #expect(try await work.read { $0.head } == 0)
        release.signal()
        try await writing.value
        for write in queued { try await write.value }
        #expect(watch.longest(at: began.advanced(by: .minutes(1))) == .milliseconds(0))
    }
}
