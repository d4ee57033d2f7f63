import CallModel
import EventJournal
import Foundation
import Testing

@Suite(.enabled(if: ProcessInfo.processInfo.environment["SMALL"] != nil)) struct Scratch {
    @Test func realENOSPC() throws {
        let dir = ProcessInfo.processInfo.environment["SMALL"]!
        let path = dir + "/j.sqlite"
        let filler = dir + "/filler"
        try Data(count: 4 << 20).write(to: URL(filePath: filler))
        let journal = try EventJournal(path: path, now: Sample.start)
        var n = 0
        var kinds: [JournalError.Kind: Int] = [:]
        var done: Int64 = 0
        for round in 0..<3 {
            var failed = 0
            while failed < 5 {
                n += 1
                do { done = try journal.commit(Sample.batch(n, body: [UInt8](repeating: 1, count: 3000))).last!.seq }
                catch let e { kinds[e.kind, default: 0] += 1; failed += 1; if failed == 1 { print("MEASURE", e) } }
            }
            #expect(journal.head == done)
            #expect(try journal.all().count == Int(done))
            print("MEASURE round", round, "head", done, kinds)
            if round == 0 { try Data(count: 2 << 20).write(to: URL(filePath: filler)) } else { try? FileManager.default.removeItem(atPath: filler) }
            #expect(try journal.commit(Sample.batch(n + 100000)).count == 1)
            done = journal.head
        }
        journal.close()
        let again = try EventJournal(path: path, now: Sample.start)
        #expect(again.head == done)
        #expect(try again.all().map(\.seq) == Array(1...done))
    }
}
