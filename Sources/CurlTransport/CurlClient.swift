package import CallModel
import HostSupport

/// Executes HTTP requests with libcurl, on one thread of its own.
///
/// One thread, because a thousand long polls that wait are one `poll(2)`, and because libcurl's handles may be used by
/// one thread at a time: giving them all to one thread makes that true by construction. What a caller sees is a
/// function that suspends.
///
/// Each request uses one TCP connection; idle ones are kept and reused for `GET`, so that a long poll need not
/// connect again. Nothing is ever sent twice: libcurl's habit of repeating a request when a reused connection turns
/// out dead is turned off, since it could place a call twice.
///
/// Proxies are taken from the environment (`https_proxy`, `no_proxy`), except for loopback hosts and Unix sockets.
package final class CurlClient: HTTPClient {
    private let mailbox: TransferMailbox

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - name: what the `User-Agent` header says. Cut at the first character a header cannot hold.
    ///   - certificateAuthorityFile: PEM certificates to trust instead of the system's. Servers are always verified.
    ///   - connectTimeout: for name, connection and TLS handshake; never longer than a request's own timeout.
    package init(
        name: String = "ctibridge", certificateAuthorityFile: String? = nil, connectTimeout: Span = .seconds(10)
    ) {
        let mailbox = TransferMailbox()
        self.mailbox = mailbox
        let settings = TransferSettings(
            userAgent: String(decoding: name.utf8.prefix { (0x20...0x7E).contains($0) }, as: UTF8.self),
            certificateAuthorityFile: certificateAuthorityFile,
            connectTimeout: connectTimeout
        )
        let isRunning = DetachedThread.start(name: "curl") {
            guard let loop = CurlLoop(mailbox: mailbox, settings: settings) else {
                mailbox.fail()
                return
            }
            loop.run()
        }
        if !isRunning { mailbox.fail() }
    }

    deinit {
        shutdown()
    }

    /// Ends every transfer with `.cancelled` and refuses new ones; the thread ends. Does not wait for that. May be
    /// called more than once.
    package func shutdown() {
        mailbox.stop()
    }

    /// Moves whenever the thread has done a round: the proof of life for the watchdog. A thread that hangs would not
    /// even end a poll at its timeout.
    package var heartbeats: UInt64 { mailbox.heartbeats }

    /// Lets the thread do a round now.
    package func nudge() { mailbox.wakeUp() }

    package func execute(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPReply {
        let target: RequestTarget
        switch RequestTarget.check(request) {
        case .success(let checked): target = checked
        case .failure(let failure): throw failure
        }
        let submission = Submission(request: request, target: target)
        let result = await withTaskCancellationHandler {
            mailbox.submit(submission)
            return await submission.promise.result()
        } onCancel: {
            mailbox.cancel(submission)
        }
        return try result.get()
    }
}
