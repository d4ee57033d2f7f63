import ControlAPI
import Testing

extension ControlAPITests {
    @Suite
    struct MetricsTests {
        @Test
        func theTextIsWhatPrometheusReads() {
            let metrics = Metrics()
            metrics.counter("ctibridge_a_total", help: "As.", labels: [.init("source", "ovh/\"x\"\n\\")]).add(2)
            metrics.counter("ctibridge_a_total", help: "As.", labels: [.init("source", "b")]).add()
            metrics.counter("ctibridge_a_total", help: "As.", labels: [.init("source", "b")]).add()
            metrics.collect("ctibridge_up", help: "Up.") {
                [MetricSample(1), MetricSample(.infinity), MetricSample(0.25)]
            }
            let histogram = metrics.histogram("ctibridge_time_seconds", help: "Time.", bounds: [5, 100])
            for time: Int64 in [1, 5, 6, 1_000] { histogram.observe(milliseconds: time) }
            #expect(
                metrics.text() == """
                    # HELP ctibridge_a_total As.
                    # TYPE ctibridge_a_total counter
                    ctibridge_a_total{source="ovh/\\"x\\"\\n\\\\"} 2
                    ctibridge_a_total{source="b"} 2
                    # HELP ctibridge_up Up.
                    # TYPE ctibridge_up gauge
                    ctibridge_up 1
                    ctibridge_up +Inf
                    ctibridge_up 0.25
                    # HELP ctibridge_time_seconds Time.
                    # TYPE ctibridge_time_seconds histogram
                    ctibridge_time_seconds_bucket{le="0.005"} 2
                    ctibridge_time_seconds_bucket{le="0.1"} 3
                    ctibridge_time_seconds_bucket{le="+Inf"} 4
                    ctibridge_time_seconds_sum 1.012
                    ctibridge_time_seconds_count 4

                    """
            )
        }

        @Test
        func theMetricsAreServed() async throws {
            try await TestBridge.serve { bridge in
                bridge.metrics.deliveryToDurable.observe(milliseconds: 3)
                _ = try await bridge.get("/v1/calls")
                var client = try await TestClient.connect(unix: bridge.socket)
                try await client.get("/metrics")
                #expect(try await client.readHead() == 200)
                #expect(client.header("content-type") == "text/plain; version=0.0.4; charset=utf-8")
                let text = try await client.readBody()
                #expect(text.contains("ctibridge_delivery_durable_seconds_bucket{le=\"0.005\"} 1\n"))
                #expect(text.contains("ctibridge_api_requests_total{route=\"calls\",code=\"200\"} 1\n"))
                #expect(text.contains("ctibridge_api_streams 0\n"))
            }
        }
    }
}
