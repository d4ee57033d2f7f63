import ArgumentParser
import BridgeClient

/// Where the daemon is. The same for every command.
struct ConnectionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The API socket. (default: $CTIBRIDGE_SOCKET, else \(Endpoint.defaultSocketPath))", valueName: "path"))
    var socket: String?

    @Option(
        help: ArgumentHelp(
            "The TCP API instead, as http://127.0.0.1:8481, with the token in $CTIBRIDGE_TOKEN.", valueName: "url"))
    var url: String?

    func client() throws(ClientFailure) -> APIClient {
        APIClient(endpoint: try Endpoint.resolve(socket: socket, url: url, environment: ClientProcess.environment))
    }
}
