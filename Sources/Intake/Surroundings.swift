package import CallModel
package import Logging
import Providers

/// What every driver of the intake needs from outside.
package struct Surroundings: Sendable {
    package let client: any HTTPClient
    package let sink: any DeliverySink
    /// The time of day.
    package let now: @Sendable () -> Timestamp
    /// A clock that never goes back.
    package let ticks: @Sendable () -> Timestamp
    /// Waits; throws when the task is cancelled.
    package let sleep: @Sendable (Span) async throws -> Void
    /// Uniform in 0..<1.
    package let random: @Sendable () -> Double
    /// Whether a provider may be asked for something whose answer has to be written down: not while the daemon is
    /// stopping, nor while the journal cannot be written. To be asked again after every wait.
    package let mayOrder: @Sendable () -> Bool
    package let logger: Logger
    /// Whoever shares these surroundings shares the voices of the sources, too.
    let voices = SourceVoices()

    package init(
        client: any HTTPClient, sink: any DeliverySink, now: @escaping @Sendable () -> Timestamp,
        ticks: @escaping @Sendable () -> Timestamp,
        sleep: @escaping @Sendable (Span) async throws -> Void = {
            try await Task.sleep(for: .milliseconds($0.milliseconds))
        },
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) },
        mayOrder: @escaping @Sendable () -> Bool = { true }, logger: Logger
    ) {
        self.client = client
        self.sink = sink
        self.now = now
        self.ticks = ticks
        self.sleep = sleep
        self.random = random
        self.mayOrder = mayOrder
        self.logger = logger
    }

    /// Submits until the delivery is durable. Nil where the daemon is stopping, the task was cancelled or `isOutdated`
    /// said so, which is asked before each attempt: then the delivery is not durable, and its cursor has not moved.
    func keep(
        _ delivery: Delivery, cursor: PollCursor? = nil, unless isOutdated: () -> Bool = { false }
    ) async -> DeliveryReceipt? {
        let backoff = Backoff(base: .milliseconds(250), cap: .seconds(5))
        var failures = 0
        while !Task.isCancelled, !isOutdated() {
            do {
                return try await sink.submit(delivery, cursor: cursor)
            } catch .stopping {
                return nil
            } catch {
                failures += 1
                if failures == 1 {
                    logger.warning(
                        "delivery waits for the journal",
                        metadata: ["source": "\(delivery.source)", "reason": "\(error)"])
                }
                try? await sleep(backoff.delay(afterFailures: failures, random: random()))
            }
        }
        return nil
    }

    /// The reply without our secrets or the failure, and how long it took.
    ///
    /// Secrets are taken out before anybody quotes from the reply: a quotation that ends within a secret would not be
    /// recognised any more.
    func execute(
        _ request: HTTPRequest, scrubber: SecretScrubber
    ) async -> (result: Result<HTTPReply, HTTPFailure>, elapsed: Span) {
        let start = ticks()
        let result: Result<HTTPReply, HTTPFailure>
        do {
            var reply = try await client.execute(request)
            reply.body = scrubber.scrub(reply.body)
            reply.reason = scrubber.scrub(reply.reason)
            result = .success(reply)
        } catch {
            result = .failure(error)
        }
        return (result, ticks().since(start))
    }
}
