import CCurl
import CShims
import CallModel

/// The driver thread's life: takes requests from the mailbox, lets libcurl work, tells results.
///
/// Not Sendable: made, run and ended on the driver thread, which therefore owns the multi handle and every easy handle.
final class CurlLoop {
    /// Idle and busy connections that are kept. More than the 1,000 polls a large site has, because a smaller number
    /// closes connections of polls that come back a moment later.
    private static let maximumKeptConnections = 1_200
    /// Only a safety net: libcurl's own timers shorten the wait, the eventfd ends it.
    private static let longestWaitMilliseconds: Int32 = 60_000

    private let mailbox: TransferMailbox
    private let settings: TransferSettings
    private let multi: UnsafeMutableRawPointer
    /// By easy handle, which is what libcurl names a finished transfer by.
    private var active: [UnsafeMutableRawPointer: ActiveTransfer] = [:]

    /// Once a process, thread-safe as every static; never undone, since other clients may live.
    private static let isLibraryReady = curl_global_init(3 /* CURL_GLOBAL_ALL */) == CURLE_OK

    /// Nil where the system gives no memory or descriptor.
    init?(mailbox: TransferMailbox, settings: TransferSettings) {
        guard mailbox.wakeUpDescriptor >= 0, Self.isLibraryReady, let multi = curl_multi_init() else { return nil }
        self.mailbox = mailbox
        self.settings = settings
        self.multi = multi
        // 0: no limit in all or a host, or polls would wait for each other. The callers bound the number of requests.
        _ = cti_curl_multi_set_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS.rawValue, 0)
        _ = cti_curl_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS.rawValue, 0)
        _ = cti_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS.rawValue, Self.maximumKeptConnections)
        // HTTP/1.1 only, nothing to multiplex (CURLPIPE_NOTHING).
        _ = cti_curl_multi_set_long(multi, CURLMOPT_PIPELINING.rawValue, 0)
    }

    deinit {
        curl_multi_cleanup(multi)
    }

    /// Returns when the mailbox is stopped.
    func run() {
        while true {
            mailbox.acknowledgeWakeUp()
            let mail = mailbox.collect()
            if mail.isStopping {
                for submission in mail.submitted { submission.promise.tell(.failure(.stopped)) }
                for transfer in Array(active.values) { end(transfer, .failure(transfer.cancelled())) }
                return
            }
            mail.submitted.forEach(start)
            if mail.hasCancellations {
                for transfer in active.values.filter(\.submission.promise.isCancelled) {
                    end(transfer, .failure(transfer.cancelled()))
                }
            }
            var running: Int32 = 0
            curl_multi_perform(multi, &running)
            finishTransfers()
            wait()
        }
    }

    private func start(_ submission: Submission) {
        guard !submission.promise.isCancelled else {
            submission.promise.tell(
                .failure(HTTPFailure(kind: .cancelled, detail: "cancelled", mayHaveBeenSent: false)))
            return
        }
        guard let transfer = ActiveTransfer(submission, settings: settings),
            curl_multi_add_handle(multi, transfer.handle.pointer) == CURLM_OK
        else {
            submission.promise.tell(
                .failure(
                    HTTPFailure(
                        kind: .invalidRequest, detail: "libcurl does not take the request, or is out of memory",
                        mayHaveBeenSent: false)))
            return
        }
        active[transfer.handle.pointer] = transfer
    }

    private func finishTransfers() {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            // Copied before anything else is called: the message is gone when its handle is removed.
            let (kind, pointer, code) = (message.pointee.msg, message.pointee.easy_handle, message.pointee.data.result)
            guard kind == CURLMSG_DONE, let pointer, let transfer = active[pointer] else { continue }
            switch transfer.ended(code) {
            case .over(let outcome):
                end(transfer, outcome)
            case .again:
                curl_multi_remove_handle(multi, pointer)
                if curl_multi_add_handle(multi, pointer) != CURLM_OK {
                    active[pointer] = nil
                    transfer.submission.promise.tell(.failure(transfer.cancelled()))
                }
            }
        }
    }

    /// The promise is told last, when libcurl has let go of the transfer.
    private func end(_ transfer: ActiveTransfer, _ outcome: TransferPromise.Outcome) {
        curl_multi_remove_handle(multi, transfer.handle.pointer)
        active[transfer.handle.pointer] = nil
        transfer.submission.promise.tell(outcome)
    }

    private func wait() {
        var wakeUp = curl_waitfd(fd: mailbox.wakeUpDescriptor, events: Int16(CURL_WAIT_POLLIN), revents: 0)
        var ready: Int32 = 0
        curl_multi_poll(multi, &wakeUp, 1, Self.longestWaitMilliseconds, &ready)
    }
}
