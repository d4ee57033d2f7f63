import Glibc

/// A new directory under `/tmp`, short enough for socket paths, removed with what is in it when nobody uses it.
final class TestDirectory: Sendable {
    private let root: String

    init() {
        var template = Array("/tmp/fanout-XXXXXX".utf8CString)
        root = mkdtemp(&template).map { String(cString: $0) } ?? "/nonexistent"
    }

    deinit {
        guard let entries = opendir(root) else { return }
        while let entry = readdir(entries) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { unlink("\(root)/\(name)") }
        }
        closedir(entries)
        rmdir(root)
    }

    func path(_ name: String) -> String { "\(root)/\(name)" }
}
