import CCurl
import CShims
import CallModel

/// What is the same for every transfer of one client.
struct TransferSettings: Sendable {
    let userAgent: String
    let certificateAuthorityFile: String?
    let connectTimeout: Span
}

/// One transfer in progress: its handle and what has arrived.
///
/// Not Sendable. libcurl calls back only from within `curl_multi_perform` and `curl_multi_remove_handle`, both on the
/// driver thread, so everything here is touched by that thread alone.
final class ActiveTransfer {
    let submission: Submission
    let handle: EasyHandle
    private let deadline: ContinuousClock.Instant
    private var head = ReplyHead()
    private var body: [UInt8] = []
    private var isTooLarge = false
    private var isBodyCut = false
    private var requestsSent = 0
    /// Of them, those to the present target.
    private var attempts = 0
    private var isLoginGivenUp = false
    private var isLoginWithheld = false
    private var target: RequestTarget
    private var hasRedirected = false

    init?(_ submission: Submission, settings: TransferSettings) {
        guard let handle = EasyHandle() else { return nil }
        self.submission = submission
        self.handle = handle
        target = submission.target
        deadline = .now + .milliseconds(submission.request.timeout.milliseconds)
        guard setOptions(settings), setRequest(), setCallbacks() else { return nil }
    }

    // MARK: - Options

    /// Whether libcurl was built to know a file of certificates, and not their directory alone.
    private static let hasCertificateFile = curl_version_info(CURLVERSION_SEVENTH)?.pointee.cainfo != nil

    private func setOptions(_ settings: TransferSettings) -> Bool {
        let timeout = Self.clamped(submission.request.timeout)
        let isDirect = target.isLoopback || submission.request.unixSocketPath != nil
        return handle.set(CURLOPT_NOSIGNAL, 1)
            // Without it, cancelling while a name is being looked up waits for the resolver.
            && handle.set(CURLOPT_QUICK_EXIT, 1)
            && handle.set(CURLOPT_PROTOCOLS_STR, "http,https")
            && handle.set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
            && handle.set(CURLOPT_FOLLOWLOCATION, 0)
            && handle.set(CURLOPT_SSL_VERIFYPEER, 1)
            && handle.set(CURLOPT_SSL_VERIFYHOST, 2)
            && handle.set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
            // libcurl reads the system's certificates once and shares them (for a day), but only where no directory of
            // them is set, and Debian's sets one beside the file: each connection would parse all 140 anew, in 20 ms
            // and 700 KB.
            && (settings.certificateAuthorityFile != nil || Self.hasCertificateFile
                ? handle.clear(CURLOPT_CAPATH) : true)
            && (settings.certificateAuthorityFile.map { handle.set(CURLOPT_CAINFO, $0) } ?? true)
            && handle.set(CURLOPT_TIMEOUT_MS, timeout)
            && handle.set(CURLOPT_CONNECTTIMEOUT_MS, min(timeout, Self.clamped(settings.connectTimeout)))
            // 4 KiB in, 16 KiB out (its least): 16 and 64 KiB a poll would be most of a waiting poll's memory.
            && handle.set(CURLOPT_BUFFERSIZE, 4 << 10)
            && handle.set(CURLOPT_UPLOAD_BUFFERSIZE, 16 << 10)
            // A dead peer is noticed in about 2 minutes, also during an hour of silence.
            && handle.set(CURLOPT_TCP_KEEPALIVE, 1)
            && handle.set(CURLOPT_TCP_KEEPIDLE, 60)
            && handle.set(CURLOPT_TCP_KEEPINTVL, 20)
            // An idle connection older than this is closed rather than tried.
            && handle.set(CURLOPT_MAXAGE_CONN, 60)
            && handle.set(CURLOPT_USERAGENT, settings.userAgent)
            && (isDirect ? handle.set(CURLOPT_PROXY, "") : true)
    }

    private func setRequest() -> Bool {
        let request = submission.request
        var lines = request.headers.map { header in
            // libcurl's way to say "present and empty"; a bare `Name:` would remove the header.
            header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)"
        }
        var isSet = handle.set(CURLOPT_URL, request.url.exposed)
        switch request.method {
        case .get: break
        case .post:
            isSet = isSet && handle.set(CURLOPT_POST, 1) && handle.setBody(request.body)
            // Otherwise libcurl waits a second for "100 Continue" before it sends more than 1 MiB.
            lines.append("Expect:")
        case .delete:
            isSet = isSet && handle.set(CURLOPT_CUSTOMREQUEST, "DELETE")
        }
        switch request.authentication {
        case .none: break
        case .header(let value):
            lines.append("Authorization: \(value.exposed)")
        case .basic(let user, let password):
            // CURLAUTH_BASIC
            isSet = isSet && setCredentials(user, password, scheme: 1 << 0)
        case .digest(let user, let password):
            // CURLAUTH_DIGEST
            isSet = isSet && setCredentials(user, password, scheme: 1 << 1)
        }
        if isFirstSentOnNewConnection {
            isSet = isSet && handle.set(CURLOPT_FRESH_CONNECT, 1)
        }
        if let path = request.unixSocketPath {
            isSet = isSet && handle.set(CURLOPT_UNIX_SOCKET_PATH, path)
        }
        return isSet && handle.setHeaders(lines)
    }

    private func setCredentials(_ user: String, _ password: Redacted<String>, scheme: Int) -> Bool {
        handle.set(CURLOPT_HTTPAUTH, scheme) && handle.set(CURLOPT_USERNAME, user)
            && handle.set(CURLOPT_PASSWORD, password.exposed)
    }

    /// A request that does something, rather than ask, never takes an idle connection: if the server has just closed
    /// that, nobody could tell whether the request arrived. Digest is how such requests log in.
    private var isFirstSentOnNewConnection: Bool {
        isLogin || submission.request.method != .get && !submission.request.isRepeatable
    }

    private var isLogin: Bool {
        if case .digest = submission.request.authentication { true } else { false }
    }

    /// libcurl takes milliseconds up to 2³¹; a day is longer than any poll.
    private static func clamped(_ span: Span) -> Int {
        Int(min(max(span.milliseconds, 1), 86_400_000))
    }

    // MARK: - Callbacks

    private func setCallbacks() -> Bool {
        // Unretained: the driver's table holds this object until the handle is out of the multi handle, and callbacks
        // come only from inside it.
        let context = Unmanaged.passUnretained(self).toOpaque()
        return [CURLOPT_WRITEDATA, CURLOPT_HEADERDATA, CURLOPT_PREREQDATA]
            .allSatisfy { cti_curl_set_pointer(handle.pointer, $0.rawValue, context) == 0 }
            && cti_curl_set_data_callback(
                handle.pointer, CURLOPT_WRITEFUNCTION.rawValue,
                { bytes, size, count, context in
                    ActiveTransfer.from(context).bodyArrived(UnsafeRawBufferPointer(start: bytes, count: size * count))
                }) == 0
            && cti_curl_set_data_callback(
                handle.pointer, CURLOPT_HEADERFUNCTION.rawValue,
                { bytes, size, count, context in
                    ActiveTransfer.from(context).headerArrived(
                        UnsafeRawBufferPointer(start: bytes, count: size * count))
                }) == 0
            && cti_curl_set_request_callback(
                handle.pointer,
                { context, _, _, _, _ in
                    // CURL_PREREQFUNC_OK, CURL_PREREQFUNC_ABORT
                    ActiveTransfer.from(context).requestIsAboutToBeSent() ? 0 : 1
                }) == 0
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> ActiveTransfer {
        guard let context else { preconditionFailure("a callback without the context it was given") }
        return Unmanaged<ActiveTransfer>.fromOpaque(context).takeUnretainedValue()
    }

    /// Anything but the count ends the transfer. libcurl's own limit is not set: it goes by Content-Length alone, and
    /// counts the bodies of Digest challenges that nobody reads.
    private func bodyArrived(_ bytes: UnsafeRawBufferPointer) -> Int {
        let room = submission.request.maximumReplyBytes - body.count
        body.append(contentsOf: bytes.prefix(room))
        guard bytes.count <= room else {
            isBodyCut = true
            return bytes.count + 1
        }
        return bytes.count
    }

    private func headerArrived(_ line: UnsafeRawBufferPointer) -> Int {
        switch head.read(line) {
        case .goOn: break
        case .begunAnew:
            body.removeAll()
            isBodyCut = false
        case .tooLong:
            isTooLarge = true
            return line.count + 1
        }
        return line.count
    }

    /// libcurl silently repeats a request when a reused connection dies before the first byte of the reply, `POST`
    /// too. Every request after the first must have been asked for by a reply (Digest challenge, redirect), or be one
    /// that may be repeated.
    private func requestIsAboutToBeSent() -> Bool {
        // First of all: where this one repeats a request that got no reply, no earlier reply is the answer.
        guard submission.request.isRepeatable || head.statusLines >= requestsSent else { return false }
        isLoginWithheld = isLogin && attempts > 0 && head.wantsBodySigned
        guard !isLoginWithheld else { return false }
        attempts += 1
        guard attempts <= Self.maximumAttempts else {
            isLoginGivenUp = isLogin
            return false
        }
        requestsSent += 1
        return true
    }

    /// Digest: the question, the login, and once more where that was out of date (`stale`). libcurl itself would
    /// repeat without end, and what may be repeated once for each idle connection that is dead.
    private static let maximumAttempts = 3

    // MARK: - Ends

    enum End {
        case over(TransferPromise.Outcome)
        /// The handle is ready to be added again, for the redirect.
        case again
    }

    func ended(_ code: CURLcode) -> End {
        guard code == CURLE_OK || isRefusalCut || isLoginGivenUp || isLoginWithheld else {
            return .over(.failure(failure(code)))
        }
        if prepareRedirect() { return .again }
        return .over(
            .success(
                HTTPReply(
                    status: handle.number(CURLINFO_RESPONSE_CODE), reason: head.reason,
                    contentType: head.contentType, retryAfterSeconds: head.retryAfterSeconds, body: body,
                    loginTrouble: loginTrouble)))
    }

    private var loginTrouble: HTTPReply.LoginTrouble? {
        guard isLogin, handle.number(CURLINFO_RESPONSE_CODE) == 401 else { return nil }
        if isLoginGivenUp { return .neverCurrent }
        // The first request of a Digest login holds none.
        return attempts == 1 || isLoginWithheld ? .notSpoken : nil
    }

    /// The answer is in the status, whatever the page around it: that a call was refused must not be lost in it.
    private var isRefusalCut: Bool {
        isBodyCut && handle.number(CURLINFO_RESPONSE_CODE) >= 300
    }

    func cancelled() -> HTTPFailure {
        HTTPFailure(kind: .cancelled, detail: "\(target.host): cancelled", mayHaveBeenSent: mayHaveBeenSent)
    }

    private func prepareRedirect() -> Bool {
        let request = submission.request
        guard request.followsOneRedirect, request.method == .get, !hasRedirected,
            [301, 302, 303, 307, 308].contains(handle.number(CURLINFO_RESPONSE_CODE)),
            let url = handle.text(CURLINFO_REDIRECT_URL), let next = RequestTarget(url: url),
            target.mayRedirect(to: next)
        else { return false }
        let left = deadline - .now
        let milliseconds = left.components.seconds * 1_000 + left.components.attoseconds / 1_000_000_000_000_000
        guard milliseconds > 0, handle.set(CURLOPT_URL, url),
            handle.set(CURLOPT_TIMEOUT_MS, Self.clamped(.milliseconds(milliseconds)))
        else { return false }
        hasRedirected = true
        attempts = 0
        target = next
        return true
    }

    /// Nothing left this machine where no request was begun on a ready connection. Where in doubt: yes.
    private var mayHaveBeenSent: Bool {
        requestsSent > 0 || handle.number(CURLINFO_REQUEST_SIZE) > 0
    }

    private func failure(_ code: CURLcode) -> HTTPFailure {
        CurlFailure(
            code: code, host: target.host, timeout: submission.request.timeout,
            limit: submission.request.maximumReplyBytes, isTooLarge: isTooLarge || isBodyCut,
            mayHaveBeenSent: mayHaveBeenSent,
            isResolved: submission.request.unixSocketPath != nil || handle.microseconds(CURLINFO_NAMELOOKUP_TIME_T) > 0,
            isConnected: handle.microseconds(CURLINFO_CONNECT_TIME_T) > 0
        ).failure
    }
}
