import CallModel

extension Configuration {
    /// The resolved configuration as YAML, every default spelled out, secrets as `[redacted]`; after it, as comments,
    /// the exact URL for each source that is pushed to.
    ///
    /// Those URLs hold secrets, on purpose: they are what the administrator must paste. Print this to the standard
    /// output of `--check-config` and nowhere else, never to a log.
    package func describe() -> String {
        var writer = YAMLWriter()
        if let country { writer.line("country", country) }
        writer.line("stdout", stdout.rawValue)
        if sources.isEmpty {
            writer.raw("sources", "[]")
        } else {
            writer.section("sources") { writer in
                for source in sources { writer.item { source.write(to: &$0) } }
            }
        }
        webhooks?.write(to: &writer)
        if sockets.isEmpty {
            writer.raw("sockets", "[]")
        } else {
            writer.section("sockets") { writer in
                for socket in sockets { writer.item { socket.write(to: &$0) } }
            }
        }
        api.write(to: &writer)
        writer.section("journal") { writer in
            writer.line("retention", journal.retention)
            writer.raw("max_size", SizeText.write(journal.maxSize))
            writer.line("raw", journal.raw)
        }
        writer.section("model") { writer in
            writer.line("settle", model.settle)
            writer.line("max_initiated", model.maxInitiated)
            writer.line("max_ringing", model.maxRinging)
            writer.line("max_queued", model.maxQueued)
            writer.line("max_connected", model.maxConnected)
        }
        writePasteURLs(to: &writer)
        return writer.text
    }

    private func writePasteURLs(to writer: inout YAMLWriter) {
        let urls = pasteURLs
        guard let webhooks, !urls.isEmpty else { return }
        writer.comment("")
        writer.comment("Paste these into the providers' forms. Each holds a secret: it is shown here and nowhere else.")
        if webhooks.publicURL == nil {
            writer.comment("They name the address listened on; set webhooks.public_url to what the provider can reach.")
        }
        for paste in urls {
            let label = paste.label.map { ", \($0)" } ?? ""
            writer.comment("\(paste.source)\(label): \(paste.url.exposed)")
        }
    }
}

extension SourceConfiguration {
    fileprivate func write(to writer: inout YAMLWriter) {
        writer.line("name", name.name)
        writer.line("provider", name.provider.rawValue)
        writer.raw("enabled", isEnabled ? "true" : "false")
        writer.line("country", country)
        provider.write(to: &writer)
    }
}

extension WebhookConfiguration {
    fileprivate func write(to writer: inout YAMLWriter) {
        writer.section("webhooks") { writer in
            writer.line("listen", listen.description)
            if let publicURL { writer.line("public_url", publicURL.description) }
            if let tls {
                writer.section("tls") { writer in
                    writer.line("certificate", tls.certificate)
                    writer.line("key", tls.key)
                }
            }
            writer.raw("behind_proxy", isBehindProxy ? "true" : "false")
            writer.list("trusted_proxies", trustedProxies.map(\.text))
        }
    }
}

extension SocketConfiguration {
    fileprivate func write(to writer: inout YAMLWriter) {
        writer.line("path", path)
        writer.mode(mode)
        if let group { writer.line("group", group.name) }
        writer.line("numbers", numbers.rawValue)
    }
}

extension APIConfiguration {
    fileprivate func write(to writer: inout YAMLWriter) {
        writer.section("api") { writer in
            writer.section("socket") { writer in
                writer.line("path", socket)
                writer.mode(socketMode)
                if let socketGroup { writer.line("group", socketGroup.name) }
            }
            guard let http else { return }
            writer.section("http") { writer in
                writer.line("listen", http.listen.description)
                writer.raw("behind_proxy", http.isBehindProxy ? "true" : "false")
                writer.section("tokens") { writer in
                    for token in http.tokens {
                        writer.item { writer in
                            writer.line("name", token.name)
                            writer.secret("value")
                            writer.list("may", token.may.map(\.rawValue).sorted())
                        }
                    }
                }
            }
        }
    }
}

extension YAMLWriter {
    fileprivate mutating func mode(_ bits: UInt32) {
        let digits = String(bits, radix: 8)
        raw("mode", "\"\(String(repeating: "0", count: 4 - digits.utf8.count))\(digits)\"")
    }
}
