import CallModel
import EventJournal
import Logging

extension Logger {
    /// Of what a source said that was not understood: once a minute for each kind and source, as the stream has it.
    func warn(ofUnparsed line: StreamLine) {
        guard let event = line.event, case .unparsed(let input, let count) = event.draft.data else { return }
        warning(
            "input not understood",
            metadata: [
                "source": "\(event.draft.source)", "kind": "\(maskedText(input.kind))",
                "detail": "\(maskedText(input.detail))", "count": "\(count)",
            ])
    }
}
