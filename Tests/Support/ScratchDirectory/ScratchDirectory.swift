import Foundation

/// A directory of a test's own under `/tmp`, short enough for socket paths, and gone with all in it when nobody holds
/// it.
package final class ScratchDirectory: Sendable {
    package let path: String

    package init() throws {
        var template = Array("/tmp/ctibridge-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { remove() }

    /// Before it goes by itself: what stands in a `defer` keeps it until then.
    package func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Where a file of that name is, or is to be.
    package func path(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file that only its owner may read, and says where it is.
    @discardableResult
    package func write(_ text: String, to name: String) throws -> String {
        let file = path(name)
        try Data(text.utf8).write(to: URL(filePath: file))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        return file
    }

    /// What the file of that name holds; nil where there is none.
    package func text(of name: String) -> String? { try? String(contentsOfFile: path(name), encoding: .utf8) }
}
