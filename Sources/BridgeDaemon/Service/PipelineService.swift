import ServiceLifecycle

/// The pipeline as a service: stops when everything in front of it has.
struct PipelineService: Service {
    let pipeline: Pipeline

    func run() async throws {
        try? await gracefulShutdown()
        await pipeline.stop()
    }
}
