import CallModel
@testable import EventJournal
import Foundation
import GRDB
import Glibc
import Testing

@Suite struct Measure {
    func cpu() -> Double {
        var t = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t)
        return Double(t.tv_sec) + Double(t.tv_nsec) / 1e9
    }
    @Test(arguments: ["OFF", "FULL"]) func commits(sync: String) throws {
        let files = try TestJournal()
        let journal = try files.open()
        try journal.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = \(sync)") }
        let n = sync == "OFF" ? 20_000 : 3_000
        var random = SystemRandomNumberGenerator()
        var batches: [JournalBatch] = []
        for i in 1...n {
            var b = Sample.batch(i)
            b.entries[0].facts = [FactID(rawValue: String(random.next(), radix: 36))]
            b.entries[0].drafts[0].id = EventID(rawValue: String(random.next(), radix: 36))
            b.calls[0].json = [UInt8](repeating: 65, count: 500)
            b.calls[0].tracked = [UInt8](repeating: 65, count: 700)
            batches.append(b)
        }
        let clock = ContinuousClock()
        let c0 = cpu()
        let t = try clock.measure { for b in batches { _ = try journal.commit(b) } }
        let c = cpu() - c0
        print("MEASURE sync=\(sync) n=\(n) wall=\(t) cpu/commit=\(Int(c / Double(n) * 1e6))us")
        let c1 = cpu()
        let enc = EventEncoder()
        for b in batches { _ = enc.line(Event(cursor: Cursor(epoch: journal.epoch, seq: 1), draft: b.entries[0].drafts[0])) }
        print("MEASURE encode \(Int((cpu() - c1) / Double(n) * 1e6))us")
        let t2 = try clock.measure { _ = try journal.all(filter: EventFilter(types: ["call.corrected"])) }
        print("MEASURE selective scan of \(n): \(t2)")
        let t3 = try clock.measure { _ = try journal.prune(RetentionLimits(events: .seconds(1), maximumBytes: 1 << 40, raw: .seconds(1)), now: Sample.time(n * 2)) }
        print("MEASURE prune step \(t3)")
        // group commit
        var big = JournalBatch(observed: Sample.start)
        for i in n + 1...n + 1000 { let b = Sample.batch(i); big.entries += b.entries; big.calls += b.calls }
        let c2 = cpu()
        let t4 = try clock.measure { _ = try journal.commit(big) }
        print("MEASURE group of 1000: \(t4) cpu/entry=\(Int((cpu() - c2) / 1000 * 1e6))us")
    }
}
