import CCurl
import CallModel

/// What a result code of libcurl means to us.
///
/// The text is libcurl's general one for the code, and the host: its error buffer may quote the URL, and that may
/// hold a token.
struct CurlFailure {
    let code: CURLcode
    let host: String
    let timeout: Span
    let limit: Int
    /// Our own callback ended the transfer because too much came.
    let isTooLarge: Bool
    let mayHaveBeenSent: Bool
    let isResolved: Bool
    let isConnected: Bool

    var failure: HTTPFailure {
        HTTPFailure(kind: kind, detail: "\(host): \(words)", mayHaveBeenSent: mayHaveBeenSent)
    }

    private var kind: HTTPFailure.Kind {
        if isTooLarge { return .replyTooLarge }
        switch code {
        case CURLE_OPERATION_TIMEDOUT:
            // Before a request could be sent, it is the connection that did not come about.
            if isConnected || mayHaveBeenSent { return .timedOut }
            return isResolved ? .cannotConnect : .cannotResolve
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: return .cannotResolve
        case CURLE_COULDNT_CONNECT, CURLE_PROXY, CURLE_INTERFACE_FAILED: return .cannotConnect
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ENGINE_NOTFOUND,
            CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CRL_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS,
            CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_CLIENTCERT:
            return .tls
        case CURLE_URL_MALFORMAT, CURLE_BAD_FUNCTION_ARGUMENT, CURLE_UNKNOWN_OPTION, CURLE_NOT_BUILT_IN:
            return .invalidRequest
        case CURLE_UNSUPPORTED_PROTOCOL:
            // After the request it means "HTTP/0.9": bytes came that are not HTTP.
            return mayHaveBeenSent ? .connectionLost : .invalidRequest
        default: return .connectionLost
        }
    }

    private var words: String {
        if isTooLarge {
            return "the reply is longer than \(limit) bytes, or its headers than \(ReplyHead.maximumBytes)"
        }
        switch code {
        case CURLE_OPERATION_TIMEDOUT:
            return switch kind {
            case .cannotResolve: "the name could not be looked up in time"
            case .cannotConnect: "no connection in time"
            default: "no whole reply within \(timeout.milliseconds) ms"
            }
        case CURLE_UNSUPPORTED_PROTOCOL where mayHaveBeenSent, CURLE_WEIRD_SERVER_REPLY:
            return "the reply is not HTTP"
        case CURLE_ABORTED_BY_CALLBACK:
            return "the connection was lost before the reply; not sent again"
        default:
            return String(cString: curl_easy_strerror(code))
        }
    }
}
