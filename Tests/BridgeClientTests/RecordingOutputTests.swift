import BridgeClient
import Glibc
import Testing

/// A recording has its name when it is whole, and takes nobody else's.
struct RecordingOutputTests {
    /// A directory that is gone, with all in it, when the test is.
    private final class Folder {
        let path: String

        init() throws {
            var template = Array("/tmp/ctibridge-recording-XXXXXX".utf8CString)
            path = String(cString: try #require(mkdtemp(&template)))
        }

        deinit {
            for name in ["x", "x.part", "other"] { unlink("\(path)/\(name)") }
            rmdir(path)
        }

        func make(_ name: String, _ text: String) throws {
            let file = open("\(path)/\(name)", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            try #require(file >= 0)
            #expect(try OutputDescriptor(descriptor: file).write(text) == .all)
            close(file)
        }

        func content(of name: String) -> String? {
            let file = open("\(path)/\(name)", O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
            guard file >= 0 else { return nil }
            defer { close(file) }
            var bytes = [UInt8](repeating: 0, count: 64)
            let count = read(file, &bytes, bytes.count)
            return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        }
    }

    @Test(arguments: [true, false])
    func hasItsNameWhenItIsWhole(_ mayBeNameless: Bool) throws {
        let folder = try Folder()
        do {
            let output = try RecordingOutput(path: "\(folder.path)/x", mayBeNameless: mayBeNameless)
            #expect(try output.write(Array("all".utf8)) == .all)
            #expect(folder.content(of: "x") == nil)
            try output.finish()
        }
        #expect(folder.content(of: "x") == "all" && folder.content(of: "x.part") == nil)
        #expect(throws: ClientFailure.self) {
            try RecordingOutput(path: "\(folder.path)/x", mayBeNameless: mayBeNameless)
        }
    }

    @Test(arguments: [true, false])
    func leavesNothingBehindWhereItIsNot(_ mayBeNameless: Bool) throws {
        let folder = try Folder()
        do {
            let output = try RecordingOutput(path: "\(folder.path)/x", mayBeNameless: mayBeNameless)
            #expect(try output.write(Array("half".utf8)) == .all)
        }
        #expect(folder.content(of: "x") == nil && folder.content(of: "x.part") == nil)
    }

    @Test func whatHasTheInterimNameIsSomebodys() throws {
        let folder = try Folder()
        try folder.make("x.part", "mine")
        let failure = #expect(throws: ClientFailure.self) {
            try RecordingOutput(path: "\(folder.path)/x", mayBeNameless: false)
        }
        #expect(failure?.description.contains("x.part: File exists; remove it") == true)
        #expect(folder.content(of: "x.part") == "mine")
    }

    @Test func aLinkIsNotFollowed() throws {
        let folder = try Folder()
        try folder.make("other", "mine")
        try #require(symlink("\(folder.path)/other", "\(folder.path)/x.part") == 0)
        #expect(throws: ClientFailure.self) { try RecordingOutput(path: "\(folder.path)/x", mayBeNameless: false) }
        #expect(folder.content(of: "other") == "mine")
        var status = stat()
        #expect(lstat("\(folder.path)/x.part", &status) == 0)
    }
}
