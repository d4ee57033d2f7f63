package import CallModel

/// Writes lines of the stream to an output, and the cursor of what was written to a file.
package final class StreamPrinter {
    package enum Format {
        /// The lines as they came. `escaping`: for a terminal, which must not see a control character even if the
        /// daemon sent one.
        case json(escaping: Bool)
        case text(EventLineRenderer)
    }

    /// Which of the `stream.*` lines are shown; events are all.
    package enum StreamLines: Sendable {
        case none
        case snapshots
        case all
    }

    private let output: OutputDescriptor
    private var format: Format
    private let streamLines: StreamLines
    private let cursorFile: CursorFile?
    private var buffer: [UInt8] = []
    private var savedCursor: Cursor?

    package init(output: OutputDescriptor, format: Format, streamLines: StreamLines, cursorFile: CursorFile? = nil) {
        self.output = output
        self.format = format
        self.streamLines = streamLines
        self.cursorFile = cursorFile
    }

    /// Takes a line with its line break; nothing is written before `flush`.
    package func accept(_ line: ArraySlice<UInt8>, _ envelope: EventEnvelope) throws(ClientFailure) {
        guard isShown(envelope) else { return }
        switch format {
        case .json(escaping: false): buffer.append(contentsOf: line)
        case .json(escaping: true): buffer.append(contentsOf: TerminalText.escapedJSON(line))
        case .text(var renderer):
            guard let event = try? JSONReader.value(of: line) else {
                throw .protocolViolation("the daemon sent a line that is no JSON")
            }
            buffer.append(contentsOf: renderer.lines(for: event).utf8)
            format = .text(renderer)
        }
    }

    /// Writes what was accepted, then saves the cursor: in this order, so that a crash between the two repeats what
    /// was just written and never loses it.
    package func flush(cursor: Cursor?) throws(ClientFailure) -> OutputDescriptor.Written {
        if !buffer.isEmpty {
            defer { buffer.removeAll(keepingCapacity: true) }
            if try output.write(buffer) == .readerGone { return .readerGone }
        }
        if let cursorFile, let cursor, cursor != savedCursor {
            try cursorFile.save(cursor)
            savedCursor = cursor
        }
        return .all
    }

    private func isShown(_ envelope: EventEnvelope) -> Bool {
        guard envelope.isStreamLine else { return true }
        return switch streamLines {
        case .none: false
        case .snapshots: envelope.type == "stream.snapshot"
        case .all: true
        }
    }
}
