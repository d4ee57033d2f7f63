import Glibc

/// Cuts what arrives into lines, wherever the pieces of it end: in the middle of a line, of a number or of a character.
package struct LineSplitter: Sendable {
    /// The contract's bound of a line of the stream, with its line break.
    package static let maximumLineBytes = 64 << 10

    private var bytes: [UInt8] = []
    /// Everything before this index was handed out.
    private var start = 0
    /// No line break is between `start` and this index.
    private var searched = 0

    package init() {}

    package mutating func append(_ piece: some Collection<UInt8>) {
        if start == bytes.count {
            bytes.removeAll(keepingCapacity: true)
        } else {
            bytes.removeSubrange(..<start)
        }
        searched -= start
        start = 0
        searched = max(0, min(searched, bytes.count))
        bytes.append(contentsOf: piece)
    }

    /// The next whole line, with its line break; nil until more has arrived. Empty lines are left out.
    ///
    /// Throws `protocolViolation` when a line is longer than `maximumLineBytes`.
    package mutating func next() throws(ClientFailure) -> ArraySlice<UInt8>? {
        while let end = endOfLine() {
            let line = bytes[start..<end]
            start = end
            searched = end
            guard line.count <= Self.maximumLineBytes else { throw Self.tooLong }
            if line.count > 1 { return line }
        }
        guard bytes.count - start < Self.maximumLineBytes else { throw Self.tooLong }
        return nil
    }

    private static let tooLong = ClientFailure.protocolViolation(
        "the daemon sent a line of more than \(maximumLineBytes >> 10) KiB")

    private mutating func endOfLine() -> Int? {
        let found = bytes.withUnsafeBytes { all -> Int? in
            guard let base = all.baseAddress, searched < all.count else { return nil }
            guard let hit = memchr(base + searched, 0x0A, all.count - searched) else { return nil }
            return UnsafeRawPointer(hit) - base + 1
        }
        if found == nil { searched = bytes.count }
        return found
    }
}
