internal import FoundationEssentials

/// Reads scenario files: one JSON object a line, times never going back, blank lines skipped. A line may end with CR
/// LF.
///
/// Bounds: 16 MiB a file, 100 000 lines.
package enum ScenarioReader {
    private static let largestFile = 16 * 1_024 * 1_024
    private static let mostLines = 100_000

    /// - Throws: `SimulatorError` if the file cannot be read, `ScenarioErrors` with every mistake in it.
    package static func read(path: String) throws -> Scenario {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw SimulatorError.unreadable(file: path, reason: "no such file, or no right to read it")
        }
        guard data.count <= largestFile else {
            throw SimulatorError.unreadable(file: path, reason: "it is larger than 16 MiB")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw SimulatorError.unreadable(file: path, reason: "it is not UTF-8")
        }
        return try read(text, file: path)
    }

    /// `file` is for the messages. All errors are told, not the first alone.
    package static func read(_ text: String, file: String) throws(ScenarioErrors) -> Scenario {
        var lines: [ScenarioLine] = []
        var errors: [ScenarioError] = []
        var latest = 0
        // Not by characters: CR LF is one of its own.
        let rows = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, bytes) in rows.enumerated() {
            let row = Substring(bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes)
            guard !row.allSatisfy(\.isWhitespace) else { continue }
            do throws(ScenarioFault) {
                guard lines.count < mostLines else { throw ScenarioFault("more than \(mostLines) lines") }
                let line = try ScenarioLine(String(row))
                guard line.at >= latest else {
                    throw ScenarioFault("\"at\" \(line.at) is earlier than \(latest) of a line above")
                }
                latest = line.at
                lines.append(line)
            } catch {
                errors.append(ScenarioError(file: file, line: index + 1, message: error.message))
                if lines.count >= mostLines { break }
            }
        }
        if errors.isEmpty, lines.isEmpty {
            errors.append(ScenarioError(file: file, line: 1, message: "no line: the scenario is empty"))
        }
        guard errors.isEmpty else { throw ScenarioErrors(errors: errors) }
        let name = file.split(separator: "/").last.map(String.init) ?? file
        return Scenario(name: name, lines: lines)
    }
}
