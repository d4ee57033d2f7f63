import CallModel
import EventJournal
import FoundationEssentials
import GRDB
import Glibc
import Testing

@Suite struct OpeningTests {
    let files: TestJournal

    init() throws {
        files = try TestJournal()
    }

    private func failure(_ path: String? = nil) -> JournalError? {
        let path = path ?? files.path
        let error = #expect(throws: JournalError.self) { _ = try EventJournal(path: path, now: Sample.start) }
        #expect(error?.description.contains(path) == true)
        return error
    }

    private func mode(_ path: String) -> mode_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : nil
    }

    @Test func onlyOneMayHaveItOpen() throws {
        let journal = try files.open()
        let error = failure()
        #expect(error?.kind == .inUse)
        #expect(error?.detail.contains("process \(getpid())") == true)
        #expect(try journal.commit(Sample.batch(1)).count == 1)
        journal.close()
        #expect(try files.open().head == 1)
    }

    @Test func itIsLetGoWithTheLastReference() throws {
        var journal: EventJournal? = try files.open()
        #expect(journal?.head == 0)
        journal = nil
        #expect(try files.open().head == 0)
    }

    @Test func aClosedJournalSaysSo() throws {
        let journal = try files.open()
        journal.close()
        journal.close()
        #expect(throws: JournalError.self) { try journal.commit(Sample.batch(1)) }
        let error = #expect(throws: JournalError.self) { try journal.calls(CallQuery()) }
        #expect(error?.kind == .closed)
        #expect(journal.head == 0)
    }

    @Test func othersCannotReadTheFile() throws {
        let journal = try files.open()
        _ = try journal.commit(Sample.batch(1))
        for suffix in ["", "-wal", "-shm", ".lock"] { #expect(mode(files.path + suffix) == 0o600) }
    }

    @Test func aJournalThatOthersCouldReadIsClosedToThem() throws {
        try files.open().close()
        chmod(files.path, 0o644)
        let journal = try files.open()
        _ = try journal.commit(Sample.batch(1))
        for suffix in ["", "-wal", "-shm"] { #expect(mode(files.path + suffix) == 0o600) }
    }

    @Test(arguments: ["not a database", String(repeating: "not a database ", count: 1_000)])
    func aFileThatIsNoDatabaseIsLeftAlone(_ text: String) throws {
        try files.write(Array(text.utf8))
        #expect(failure()?.kind == .notAJournal)
        #expect(try files.bytes() == Array(text.utf8))
    }

    @Test func aDatabaseOfAnotherProgramIsLeftAlone() throws {
        let queue = try DatabaseQueue(path: files.path)
        try queue.write { try $0.execute(sql: "CREATE TABLE theirs (id INTEGER)") }
        try queue.close()
        let before = try files.bytes()
        #expect(failure()?.kind == .notAJournal)
        #expect(try files.bytes() == before)
    }

    @Test func aNewerJournalIsRefused() throws {
        try files.open().close()
        let queue = try DatabaseQueue(path: files.path)
        try queue.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('4 something later')") }
        try queue.close()
        #expect(failure()?.kind == .newer)
    }

    @Test func aDamagedJournalIsRefused() throws {
        let journal = try files.open()
        for number in 1...50 { _ = try journal.commit(Sample.batch(number)) }
        journal.close()
        var bytes = try files.bytes()
        for index in 4_096..<bytes.count { bytes[index] = 0xA5 }
        try files.write(bytes)
        let error = failure()
        #expect(error?.kind == .damaged)
    }

    @Test func damageThatIsFoundLaterIsAnErrorToo() throws {
        var journal = try files.open()
        let body = [UInt8](repeating: 1, count: 9_000)
        for number in 1...50 { _ = try journal.commit(Sample.batch(number, body: body)) }
        journal.close()
        var bytes = try files.bytes()
        // The middle holds leaves of the tables, few of which are read when the file is opened.
        for index in bytes.count / 3..<bytes.count * 2 / 3 { bytes[index] = 0xA5 }
        try files.write(bytes)
        do {
            journal = try files.open()
            for number in 1...50 { _ = try journal.history(of: Sample.callID(number)) }
            _ = try journal.calls(CallQuery(limit: 1_000))
            _ = try journal.all()
            Issue.record("the damage was not noticed")
        } catch let error as JournalError {
            #expect(error.kind == .damaged)
        }
    }

    @Test func aMissingDirectoryIsNamed() {
        let error = failure(files.directory + "/missing/journal.sqlite")
        #expect(error?.kind == .notPermitted)
        #expect(error?.detail.contains("No such file or directory") == true)
    }

    @Test func aDirectoryInItsPlaceIsRefused() {
        let directory = files.directory + "/directory"
        #expect(mkdir(directory, 0o700) == 0)
        #expect(failure(directory)?.kind == .notPermitted)
    }

    /// Root may write anywhere, so there is nothing to be seen then.
    @Test(.enabled(if: geteuid() != 0))
    func aDirectoryThatMayNotBeWrittenIsNamed() {
        chmod(files.directory, 0o500)
        defer { chmod(files.directory, 0o700) }
        #expect(failure()?.kind == .notPermitted)
    }
}
