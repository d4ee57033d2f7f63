import CallModel
import CurlTransport
import Testing

@Suite("Cancellation, shutdown and many polls at once", .timeLimit(.minutes(1)))
struct CurlClientLifecycleTests {
    private static func longPoll(_ server: ScriptedServer, _ path: String = "/poll") -> HTTPRequest {
        HTTPRequest(.get, server.url(path), timeout: .minutes(1))
    }

    private static func outcome(_ client: CurlClient, _ request: HTTPRequest) async -> HTTPFailure.Kind? {
        do {
            _ = try await client.execute(request)
            return nil
        } catch {
            return error.kind
        }
    }

    @Test("cancelling the task ends the transfer, and the server sees it")
    func cancellation() async throws {
        let server = try await ScriptedServer { _ in [] }
        let client = CurlClient()
        var observations = server.observations.makeAsyncIterator()
        let task = Task {
            do throws(HTTPFailure) {
                _ = try await client.execute(Self.longPoll(server))
                return HTTPFailure?.none
            } catch {
                return error
            }
        }
        guard case .request = await observations.next() else {
            Issue.record("no request came")
            return
        }
        task.cancel()
        let failure = try #require(await task.value)
        #expect(failure.kind == .cancelled)
        #expect(failure.mayHaveBeenSent)
        guard case .closed = await observations.next() else {
            Issue.record("the connection was not closed")
            return
        }
        try await server.stop()
    }

    @Test("a task that is already cancelled sends nothing")
    func cancelledBefore() async throws {
        let server = try await ScriptedServer { _ in [.reply("200 OK")] }
        let client = CurlClient()
        let request = Self.longPoll(server)
        let failure = await withTaskGroup(of: HTTPFailure?.self) { group in
            group.cancelAll()
            group.addTask {
                do throws(HTTPFailure) {
                    _ = try await client.execute(request)
                    return nil
                } catch {
                    return error
                }
            }
            return await group.next() ?? nil
        }
        #expect(failure?.kind == .cancelled)
        #expect(failure?.mayHaveBeenSent == false)
        #expect(server.requests.isEmpty)
        try await server.stop()
    }

    @Test("cancellations that race with replies: each request ends exactly once")
    func cancellationRaces() async throws {
        let server = try await ScriptedServer { _ in [.reply("200 OK", "[]")] }
        let client = CurlClient()
        let request = Self.longPoll(server)
        let ends = await withTaskGroup(of: HTTPFailure.Kind?.self) { group in
            for index in 0..<300 {
                group.addTask {
                    let task = Task { await Self.outcome(client, request) }
                    for _ in 0..<index % 7 { await Task.yield() }
                    task.cancel()
                    return await task.value
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(ends.count == 300)
        #expect(ends.allSatisfy { $0 == nil || $0 == .cancelled })
        try await server.stop()
    }

    @Test("shutdown ends every poll in flight and refuses new ones")
    func shutdown() async throws {
        let server = try await ScriptedServer { _ in [] }
        let client = CurlClient()
        let request = Self.longPoll(server)
        let polls = (0..<50).map { _ in Task { await Self.outcome(client, request) } }
        var observations = server.observations.makeAsyncIterator()
        for _ in 0..<50 { _ = await observations.next() }
        client.shutdown()
        for poll in polls { #expect(await poll.value == .cancelled) }
        #expect(await Self.outcome(client, request) == .cancelled)
        client.shutdown()
        try await server.stop()
    }

    @Test("a client that is let go of ends its thread's work")
    func deinitialised() async throws {
        let server = try await ScriptedServer { _ in [.reply("200 OK")] }
        for _ in 0..<20 { _ = try await CurlClient().execute(Self.longPoll(server)) }
        try await server.stop()
    }

    @Test("300 long polls wait at the same time, and again on the same connections")
    func manyPolls() async throws {
        let server = try await ScriptedServer { _ in [] }
        let client = CurlClient()
        var observations = server.observations.makeAsyncIterator()
        for _ in 0..<2 {
            let polls = (0..<300).map { index in
                Task { try await client.execute(Self.longPoll(server, "/poll/\(index)")) }
            }
            var waiting: [ScriptedServer.Seen] = []
            // Nobody is answered before the last one has come: were the polls queued anywhere, this would never end.
            while waiting.count < 300, let observation = await observations.next() {
                if case .request(let seen) = observation { waiting.append(seen) }
            }
            for seen in waiting { server.perform([.reply("200 OK", seen.target)], on: seen.connection) }
            for (index, poll) in polls.enumerated() {
                #expect(try await poll.value.body == Array("/poll/\(index)".utf8))
            }
        }
        #expect(server.connections == 300)
        try await server.stop()
    }
}
