import BridgeClient
import CallModel
import Glibc
import Testing

@Suite struct CursorFileTests {
    private let scratch: Scratch
    private let file: CursorFile

    init() throws {
        scratch = try Scratch()
        file = CursorFile(path: scratch.path + "/cursor")
    }

    @Test func thereIsNoneAtFirst() throws {
        #expect(try file.load() == nil)
        #expect(access(scratch.path + "/cursor.tmp", F_OK) != 0)
    }

    @Test(arguments: ["", "\n", "  "])
    func aLostCursorIsNoNewBeginning(content: String) throws {
        try scratch.write(content, to: "cursor")
        let failure = #expect(throws: ClientFailure.self) { try file.load() }
        #expect(failure?.exitCode == 74)
        #expect(failure?.description.contains("is empty") == true)
    }

    @Test func aPlaceThatCannotBeWrittenIsFoundBeforeAnythingIsRead() throws {
        let failure = #expect(throws: ClientFailure.self) {
            try CursorFile(path: scratch.path + "/no/such/place").load()
        }
        #expect(failure?.exitCode == 74)
        #expect(failure?.description.contains("/no/such/place") == true)
    }

    @Test func givesBackWhatWasSavedLast() throws {
        for seq: Int64 in [1, 20, 3_000_000] {
            try file.save(SampleLines.cursor(seq), synced: seq > 10)
            #expect(try file.load() == SampleLines.cursor(seq))
        }
        #expect(try scratch.content(of: "cursor") == Array("\(SampleLines.epoch):0000000000003000000\n".utf8))
        for seq: Int64 in [3_000_001, 5_000_000_000, .max] {
            try file.save(SampleLines.cursor(seq), synced: false)
            #expect(try file.load() == SampleLines.cursor(seq))
        }
        try file.save(Cursor(epoch: "another", seq: 1), synced: false)
        #expect(try CursorFile(path: file.path).load() == Cursor(epoch: "another", seq: 1))
        #expect(access(scratch.path + "/cursor.tmp", F_OK) != 0)
    }

    @Test func whatAKillLeftBesideTheFileDoesNotMatter() throws {
        try file.save(SampleLines.cursor(7), synced: true)
        try scratch.write("00c0ff", to: "cursor.tmp")
        #expect(try file.load() == SampleLines.cursor(7))
        try file.save(SampleLines.cursor(8), synced: true)
        #expect(try file.load() == SampleLines.cursor(8))
    }

    @Test func anotherFileIsNotTakenForACursor() throws {
        try scratch.write("root:x:0:0\n", to: "cursor")
        let failure = #expect(throws: ClientFailure.self) { try file.load() }
        #expect(failure?.exitCode == 74)
        #expect(failure?.description.contains(file.path) == true)
    }

    @Test func aPlaceThatCannotBeWrittenIsNamed() throws {
        let failure = #expect(throws: ClientFailure.self) {
            try CursorFile(path: scratch.path + "/no/such/place").save(SampleLines.cursor(1), synced: true)
        }
        #expect(failure?.exitCode == 74)
        #expect(failure?.description.contains("/no/such/place") == true)
    }

    @Test func halfALineAtTheEndOfAFileIsSeen() throws {
        try scratch.write("", to: "output")
        #expect(try !scratch.output().endsInMidLine)
        try scratch.write("{}\n", to: "output")
        #expect(try !scratch.output().endsInMidLine)
        try scratch.write("{}\n{\"a", to: "output")
        #expect(try scratch.output().endsInMidLine)
        #expect(!OutputDescriptor(descriptor: -1).endsInMidLine)
    }
}
