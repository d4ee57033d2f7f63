import ControlAPI
import Fanout
import Glibc
import Testing

extension ControlAPITests {
    /// From the bound socket to the end of the last connection.
    @Suite
    struct ServiceTests {
        /// A daemon says that it is ready after `start`, and runs its services after that.
        @Test
        func everyListenerAnswersOnceItHasStartedBeforeAnythingRuns() async throws {
            let bridge = try TestBridge(tokens: AccessTests.tokens)
            defer { bridge.remove() }
            try bridge.service.bind()
            try await bridge.service.start()
            #expect(try await bridge.get("/healthz").status == 200)
            let port = try #require(bridge.service.ports.first)
            var client = try await TestClient.connect(port: port)
            try await client.get("/healthz")
            #expect(try await client.readHead() == 200)
            await client.close()
            bridge.service.stop()
            try await bridge.service.run()
            #expect(access(bridge.socket, F_OK) != 0)
        }

        @Test
        func aConnectionWaitsFromBindToStart() async throws {
            let bridge = try TestBridge()
            defer { bridge.remove() }
            try bridge.service.bind()
            var client = try await TestClient.connect(unix: bridge.socket)
            try await client.get("/healthz")
            try await bridge.service.start()
            #expect(try await client.readHead() == 200)
            await client.close()
            bridge.service.stop()
            try await bridge.service.run()
        }

        @Test
        func whatWasBoundAndNeverStartedIsLetGoOf() async throws {
            let bridge = try TestBridge()
            defer { bridge.remove() }
            try bridge.service.bind()
            bridge.service.stop()
            #expect(access(bridge.socket, F_OK) != 0)
            try await bridge.service.run()
            await #expect(throws: (any Error).self) { try await TestClient.connect(unix: bridge.socket) }
        }

        @Test
        func aListenerOverTCPIsNamedAsPeopleWriteIt() async throws {
            try await TestBridge.serve(tcp: AccessTests.tokens) { bridge in
                while bridge.service.ports.isEmpty { await Task.yield() }
                let port = bridge.service.ports[0]
                var client = try await TestClient.connect(port: port)
                try await client.get("/v1/events", headers: "Authorization: Bearer read-secret\r\n")
                #expect(try await client.readHead() == 200)
                _ = try await client.readEvent()
                #expect(bridge.hub.subscribers.list().first?.socket == "127.0.0.1:\(port)")
                await client.close()
            }
        }
    }
}
