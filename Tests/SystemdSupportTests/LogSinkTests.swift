import Glibc
import Testing

@testable import SystemdSupport

@Suite("Logging to a descriptor that does not cooperate")
struct LogSinkTests {
    @Test func wholeLines() throws {
        let pipe = try Pipe()
        let sink = LogSink(descriptor: pipe.writeEnd)
        sink.write("one")
        sink.write("two")
        #expect(pipe.drain() == "one\ntwo\n")
    }

    @Test func linesAreCutToWhatIsWrittenInOnePiece() throws {
        let pipe = try Pipe()
        LogSink(descriptor: pipe.writeEnd).write(String(repeating: "é", count: 5_000))
        let text = pipe.drain()
        #expect(text.utf8.count <= LogSink.maximumLineBytes)
        #expect(text.hasSuffix("é…\n"))
    }

    /// Nobody reads: writing goes on, and later it is said how much was lost.
    @Test func aFullPipeDropsAndCounts() throws {
        let pipe = try Pipe()
        let sink = LogSink(descriptor: pipe.writeEnd)
        let line = String(repeating: "x", count: 1_000)
        for _ in 0..<1_000 { sink.write(line) }
        let first = pipe.drain().split(separator: "\n")
        #expect(first.count < 1_000)
        #expect(first.allSatisfy { $0 == line })
        sink.write("again")
        let second = pipe.drain().split(separator: "\n")
        #expect(second.count == 2)
        #expect(try #require(second.first).hasSuffix("Z warning log lines dropped  count=\(1_000 - first.count)"))
        #expect(second.last == "again")
        sink.write("and on")
        #expect(pipe.drain() == "and on\n")
    }

    @Test func aClosedPipeIsNoEnd() throws {
        let pipe = try Pipe()
        let sink = LogSink(descriptor: pipe.writeEnd)
        pipe.closeReadEnd()
        for _ in 0..<100 { sink.write("nobody") }
    }

    @Test func aClosedDescriptorIsNoEnd() {
        LogSink(descriptor: -1).write("nobody")
    }

    @Test func filesAndSockets() throws {
        let path = "/tmp/ctibridge-log-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        let file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        try #require(file >= 0)
        defer {
            close(file)
            unlink(path)
        }
        LogSink(descriptor: file).write("to a file")
        #expect(lseek(file, 0, SEEK_END) == 10)
        var pair: [Int32] = [-1, -1]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &pair) == 0)
        let sink = LogSink(descriptor: pair[0])
        for _ in 0..<1_000 { sink.write(String(repeating: "x", count: 1_000)) }
        close(pair[1])
        sink.write("nobody")
        close(pair[0])
    }

    /// The flag would make the shell's own output fail.
    @Test func theSharedDescriptorStaysBlocking() throws {
        let pipe = try Pipe()
        LogSink(descriptor: pipe.writeEnd).write("one")
        #expect(fcntl(pipe.writeEnd, F_GETFL) & O_NONBLOCK == 0)
    }

    /// Stopped by Ctrl-S: nothing is read from the terminal's other side.
    @Test func aStoppedTerminalIsNoEnd() throws {
        var master: Int32 = -1
        var terminal: Int32 = -1
        try #require(openpty(&master, &terminal, nil, nil, nil) == 0)
        defer {
            close(master)
            close(terminal)
        }
        let sink = LogSink(descriptor: terminal)
        let line = String(repeating: "x", count: 1_000)
        for _ in 0..<1_000 { sink.write(line) }
    }
}
