import CallModel
import EventJournal
import FoundationEssentials
import ScratchDirectory
import Testing

/// A directory of its own for each test, gone with it.
final class TestJournal {
    private let scratch: ScratchDirectory
    var directory: String { scratch.path }
    var path: String { scratch.path("journal.sqlite") }

    init() throws {
        scratch = try ScratchDirectory()
    }

    func open() throws -> EventJournal {
        try EventJournal(path: path, now: Sample.start)
    }

    func write(_ bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(filePath: path))
    }

    func bytes(suffix: String = "") throws -> [UInt8] {
        try [UInt8](Data(contentsOf: URL(filePath: path + suffix)))
    }
}

extension EventJournal {
    /// Claims one placement.
    func claimPlacement(_ claim: PlacementClaim) throws -> PlacementVerdict {
        try #require(try claimPlacements([claim]).first)
    }
}
