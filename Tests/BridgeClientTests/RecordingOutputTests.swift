import BridgeClient
import Glibc
import ScratchDirectory
import Testing

/// A recording has its name when it is whole, and takes nobody else's.
struct RecordingOutputTests {
    @Test(arguments: [true, false])
    func hasItsNameWhenItIsWhole(_ mayBeNameless: Bool) throws {
        let folder = try ScratchDirectory()
        do {
            let output = try RecordingOutput(path: folder.path("x"), mayBeNameless: mayBeNameless)
            #expect(try output.write(Array("all".utf8)) == .all)
            #expect(folder.text(of: "x") == nil)
            try output.finish()
        }
        #expect(folder.text(of: "x") == "all" && folder.text(of: "x.part") == nil)
        #expect(throws: ClientFailure.self) {
            try RecordingOutput(path: folder.path("x"), mayBeNameless: mayBeNameless)
        }
    }

    @Test(arguments: [true, false])
    func leavesNothingBehindWhereItIsNot(_ mayBeNameless: Bool) throws {
        let folder = try ScratchDirectory()
        do {
            let output = try RecordingOutput(path: folder.path("x"), mayBeNameless: mayBeNameless)
            #expect(try output.write(Array("half".utf8)) == .all)
        }
        #expect(folder.text(of: "x") == nil && folder.text(of: "x.part") == nil)
    }

    @Test func whatHasTheInterimNameIsSomebodys() throws {
        let folder = try ScratchDirectory()
        try folder.write("mine", to: "x.part")
        let failure = #expect(throws: ClientFailure.self) {
            try RecordingOutput(path: folder.path("x"), mayBeNameless: false)
        }
        #expect(failure?.description.contains("x.part: File exists; remove it") == true)
        #expect(folder.text(of: "x.part") == "mine")
    }

    @Test func aLinkIsNotFollowed() throws {
        let folder = try ScratchDirectory()
        try folder.write("mine", to: "other")
        try #require(symlink(folder.path("other"), folder.path("x.part")) == 0)
        #expect(throws: ClientFailure.self) { try RecordingOutput(path: folder.path("x"), mayBeNameless: false) }
        #expect(folder.text(of: "other") == "mine")
        var status = stat()
        #expect(lstat(folder.path("x.part"), &status) == 0)
    }
}
