/// Why the webhook listener cannot start, and what to do.
package enum WebhookListenerError: Error, Sendable, Hashable, CustomStringConvertible {
    case addressInvalid(host: String, port: Int)
    case addressInUse(String)
    case notPermitted(String)
    case addressNotOnThisMachine(String)
    case descriptorUnusable(Int32, reason: String)
    case certificateUnreadable(path: String, reason: String)
    case keyUnreadable(path: String, reason: String)
    case keyDoesNotFit(certificate: String, key: String, reason: String)
    case other(address: String, reason: String)
    case alreadyUsed

    package var description: String {
        switch self {
        case .addressInvalid(let host, let port):
            "cannot listen for webhooks on \(host) port \(port): not an IP address or localhost, with a port up to "
                + "65535"
        case .addressInUse(let address):
            "cannot listen for webhooks on \(address): another process does; stop it or change webhooks.listen"
        case .notPermitted(let address):
            "cannot listen for webhooks on \(address): not permitted; ports below 1024 need CAP_NET_BIND_SERVICE or "
                + "socket activation"
        case .addressNotOnThisMachine(let address):
            "cannot listen for webhooks on \(address): no interface has this address (yet); correct webhooks.listen, "
                + "or start after the network is up"
        case .descriptorUnusable(let descriptor, let reason):
            "the inherited descriptor \(descriptor) is not a listening stream socket (\(reason)); check the .socket "
                + "unit"
        case .certificateUnreadable(let path, let reason):
            "cannot use the certificate \(path): \(reason); it must be PEM and readable by the service's user"
        case .keyUnreadable(let path, let reason):
            "cannot use the key \(path): \(reason); it must be PEM without passphrase and readable by the service's "
                + "user"
        case .keyDoesNotFit(let certificate, let key, let reason):
            "the certificate \(certificate) and the key \(key) cannot be used together: \(reason)"
        case .other(let address, let reason):
            "cannot listen for webhooks on \(address): \(reason)"
        case .alreadyUsed:
            "a webhook listener runs once; make another one"
        }
    }
}
