import CallModel
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import Providers
import Synchronization

/// Decides about one request and makes a durable delivery of it.
///
/// Order of the questions: does the path open a route (else `404`), may the address use it (`403`), the method
/// (`405`), the sizes (`414`, `413`). A stranger thus learns nothing but "not here", and that slower and slower.
final class WebhookResponder: Sendable {
    /// Said with every `503` and `429`.
    static let retryAfterSeconds = 5

    struct Rules: Sendable {
        var table: WebhookTable
        var trustedProxies: [AddressRange]
    }

    private enum LogKey {
        static let address = "address"
        static let reason = "reason"
        static let source = "source"
        static let bytes = "bytes"
    }

    private struct Refusal: Error {
        let status: HTTPResponse.Status
        var headers = HTTPFields()
        var reason = ""
    }

    private struct Admission {
        let route: WebhookRoute
        let query: String
        let peer: String?
    }

    private let rules: Mutex<Rules>
    private let strangers = Mutex(StrangerLimit())
    private let sink: any DeliverySink
    private let clock: @Sendable () -> Timestamp
    private let maximumQueryBytes: Int
    private let logger: Logger

    init(
        rules: Rules, sink: any DeliverySink, clock: @escaping @Sendable () -> Timestamp, maximumQueryBytes: Int,
        logger: Logger
    ) {
        self.rules = Mutex(rules)
        self.sink = sink
        self.clock = clock
        self.maximumQueryBytes = maximumQueryBytes
        self.logger = logger
    }

    func replace(_ rules: Rules) {
        self.rules.withLock { $0 = rules }
    }

    /// Concurrent as Hummingbird's writer is, which may not change isolation.
    @concurrent
    func respond(_ request: Request, _ writer: consuming ResponseWriter, peer: String?) async throws {
        let response: Response
        do throws(Refusal) {
            let admission = try admit(request, peer: peer)
            if request.headers[.expect]?.lowercased() == "100-continue" {
                // A failure means that the client has gone, which reading the body will say as well.
                try? await writer.writeInformationalHead(HTTPResponse(status: .continue))
            }
            let body = try await body(of: request, for: admission.route)
            response = try await deliver(admission, request, body)
        } catch {
            let body = error.reason.isEmpty ? ResponseBody() : .init(byteBuffer: ByteBuffer(string: error.reason))
            response = Response(status: error.status, headers: error.headers, body: body)
        }
        try await writer.write(response: response.head, body: response.body)
    }

    // MARK: - Steps

    private func admit(_ request: Request, peer: String?) throws(Refusal) -> Admission {
        let rules = rules.withLock { $0 }
        let address = ClientAddress.resolve(
            peer: peer, forwardedFor: request.headers[values: .forwardedFor], trusted: rules.trustedProxies)
        // Raw: decoding the query belongs to the provider's decoder, and so do its mistakes.
        let target = request.head.path ?? ""
        let question = target.firstIndex(of: "?")
        let path = target[..<(question ?? target.endIndex)]
        let query = question.map { String(target[target.index(after: $0)...]) } ?? ""

        guard let route = rules.table.route(for: path) else {
            throw refuseStranger(address, .notFound, "no such path, or a wrong secret")
        }
        guard route.allow.isEmpty || route.allow.contains(where: { $0.contains(address ?? "") }) else {
            throw refuseStranger(address, .forbidden, "an address that is not allowed", source: route.source)
        }
        guard route.methods.contains(where: { $0.rawValue == request.method.rawValue }) else {
            let allowed = route.methods.map(\.rawValue).sorted().joined(separator: ", ")
            throw Refusal(status: .methodNotAllowed, headers: [.allow: allowed])
        }
        guard query.utf8.count <= maximumQueryBytes else { throw Refusal(status: .uriTooLong) }
        return Admission(route: route, query: query, peer: address)
    }

    private func refuseStranger(
        _ address: String?, _ status: HTTPResponse.Status, _ reason: String, source: SourceName? = nil
    ) -> Refusal {
        let now = clock()
        let parsed = address.flatMap { IPAddress($0) }
        guard strangers.withLock({ $0.admits(parsed, now: now) }) else {
            return Refusal(status: .tooManyRequests, headers: [.retryAfter: "\(Self.retryAfterSeconds)"])
        }
        // Not the path: it may hold a secret with one wrong letter.
        var metadata: Logger.Metadata = [LogKey.address: "\(address ?? "unknown")", LogKey.reason: "\(reason)"]
        if let source { metadata[LogKey.source] = "\(source)" }
        logger.info("webhook refused", metadata: metadata)
        return Refusal(status: status)
    }

    private func body(of request: Request, for route: WebhookRoute) async throws(Refusal) -> [UInt8] {
        do throws(Refusal) {
            return try await body(of: request, limit: route.maximumBodyBytes)
        } catch {
            if error.status == .contentTooLarge {
                // Nothing of it is kept: whoever looks for it finds it here.
                logger.warning(
                    "refused a webhook whose body is too large",
                    metadata: [LogKey.source: "\(route.source)", LogKey.bytes: "more than \(route.maximumBodyBytes)"])
            }
            throw error
        }
    }

    private func body(of request: Request, limit: Int) async throws(Refusal) -> [UInt8] {
        let announced = request.headers[.contentLength].flatMap { Int($0) }
        if let announced, announced > limit { throw Refusal(status: .contentTooLarge) }
        do {
            let body = try await request.body.collect(upTo: limit)
            // Half a body must never pass for a whole one, whatever the layers below say about its end.
            guard announced == nil || announced == body.readableBytes else { throw Refusal(status: .badRequest) }
            return Array(body.readableBytesView)
        } catch is NIOTooManyBytesError {
            throw Refusal(status: .contentTooLarge)
        } catch {
            // The connection broke or ran out of time: nobody reads this.
            throw Refusal(status: .badRequest)
        }
    }

    private func deliver(
        _ admission: Admission, _ request: Request, _ body: [UInt8]
    ) async throws(Refusal) -> Response {
        let scrubber = admission.route.scrubber
        let body = scrubber.scrub(body)
        var attributes = ["query": scrubber.scrub(admission.query), "method": request.method.rawValue]
        attributes["content-type"] = request.headers[.contentType]
        attributes["peer"] = admission.peer
        let source = admission.route.source
        let delivery = Delivery(
            source: source, observed: clock(), kind: .webhook, body: body, attributes: attributes)
        do {
            let receipt = try await sink.submit(delivery, cursor: nil)
            logger.debug("webhook kept", metadata: [LogKey.source: "\(source)", LogKey.bytes: "\(body.count)"])
            guard let refusal = receipt.refusal else { return Response(status: .ok) }
            throw Refusal(
                status: .badRequest, headers: [.contentType: "text/plain; charset=utf-8"], reason: "\(refusal)\n")
        } catch let rejection as IntakeRejection {
            // The pipeline says once that the journal cannot be written; a line for each request would drown it.
            logger.debug(
                "webhook not kept", metadata: [LogKey.source: "\(source)", LogKey.reason: "\(rejection)"])
            throw Refusal(status: .serviceUnavailable, headers: [.retryAfter: "\(Self.retryAfterSeconds)"])
        } catch let refusal as Refusal {
            throw refusal
        } catch {
            throw Refusal(status: .internalServerError)
        }
    }
}

extension HTTPField.Name {
    fileprivate static let forwardedFor = name("X-Forwarded-For")

    private static func name(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is a token") }
        return name
    }
}
