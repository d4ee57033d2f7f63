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
    private var syncedCursor: Cursor?

    package init(output: OutputDescriptor, format: Format, streamLines: StreamLines, cursorFile: CursorFile? = nil) {
        self.output = output
        self.format = format
        self.streamLines = streamLines
        self.cursorFile = cursorFile
    }

    /// Takes a line with its line break.
    ///
    /// It is written with the next `flush`; where a cursor is kept, at once, and its cursor saved, so that no more than
    /// this one line can come again after the process is killed.
    package func accept(
        _ line: ArraySlice<UInt8>, _ envelope: EventEnvelope
    ) throws(ClientFailure) -> OutputDescriptor.Written {
        guard isShown(envelope) else { return .all }
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
        guard let cursorFile else { return .all }
        if try writeBuffer() == .readerGone { return .readerGone }
        if let cursor = envelope.cursor { try cursorFile.save(cursor, synced: false) }
        return .all
    }

    /// Writes what was accepted, then makes the cursor durable: in this order, so that a crash between the two repeats
    /// what was just written and never loses it.
    package func flush(cursor: Cursor?) throws(ClientFailure) -> OutputDescriptor.Written {
        if try writeBuffer() == .readerGone { return .readerGone }
        if let cursorFile, let cursor, cursor != syncedCursor {
            try cursorFile.save(cursor, synced: true)
            syncedCursor = cursor
        }
        return .all
    }

    private func writeBuffer() throws(ClientFailure) -> OutputDescriptor.Written {
        if buffer.isEmpty { return .all }
        defer { buffer.removeAll(keepingCapacity: true) }
        return try output.write(buffer)
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
