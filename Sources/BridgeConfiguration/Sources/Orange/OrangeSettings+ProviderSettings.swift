package import CallModel
import Providers

extension OrangeSettings: ProviderSettings {
    package static let provider = Orange.id

    package static let isLegacy = true

    package static func read(_ mapping: MappingReader) -> OrangeSettings? {
        let accessKey = mapping.requiredSecret("access_key", .token)
        let services = mapping.requiredSection("urls", "the addresses of the services: call, conference, sms", services)
        let from = mapping.digits("from", "a phone number")
        let sender = mapping.digits("sender", "a shortcode or phone number")
        let hook = mapping.optionalHook()
        let names = mapping.section("parameters", OrangeNames.init(reading:)) ?? OrangeNames()
        let charset = mapping.choice("charset", default: OrangeRequests.Charset.utf8)
        let history = mapping.section("history", OrangeHistory.init(reading:)) ?? OrangeHistory()
        let notifications =
            mapping.section("notifications", OrangeNotifications.init(reading:)) ?? OrangeNotifications()
        let duplicateWindow =
            mapping.has("duplicate_window")
            ? mapping.duration("duplicate_window", default: .seconds(2), in: .seconds(1)...(.hours(1))) : nil
        mapping.skip("duplicate_window")
        guard let accessKey, let services = services ?? nil, let hook else { return nil }
        return OrangeSettings(
            accessKey: accessKey.value, services: services, from: from, sender: sender, secrets: hook.secrets,
            allow: hook.allow, names: names, charset: charset, history: history, notifications: notifications,
            duplicateWindow: duplicateWindow)
    }

    private static func services(_ mapping: MappingReader) -> Services? {
        let call = mapping.providerURL("call")
        let conference = mapping.providerURL("conference")
        let sms = mapping.providerURL("sms")
        guard let call, let conference, let sms else { return nil }
        return Services(call: call, conference: conference, sms: sms)
    }

    package func write(to writer: inout YAMLWriter) {
        writer.secret("access_key")
        writer.section("urls") {
            $0.line("call", services.call.description)
            $0.line("conference", services.conference.description)
            $0.line("sms", services.sms.description)
        }
        if let from { writer.line("from", from) }
        if let sender { writer.line("sender", sender) }
        if !secrets.isEmpty { writer.secret("secret", count: secrets.count) }
        writer.list("allow", allow.map(\.text))
        writer.section("parameters") { names.write(to: &$0) }
        writer.line("charset", charset.rawValue)
        if history.url != nil { writer.section("history") { history.write(to: &$0) } }
        if notifications != OrangeNotifications() {
            writer.section("notifications") { notifications.write(to: &$0) }
        }
        if let duplicateWindow { writer.line("duplicate_window", duplicateWindow) }
    }

    /// Each call of a guest into a conference says where its notifications go.
    package var tellsItsURL: Bool { !secrets.isEmpty }

    /// Texts come by GET, conferences by GET or POST (Orange guide of 2010; compatible servers). What is pasted for
    /// texts takes the parameters of the message behind it.
    package var hooks: [Hook] {
        guard !secrets.isEmpty else { return [] }
        func hook(_ label: String, query: String? = nil) -> Hook {
            Hook(
                label: label, methods: [.get, .post], secrets: secrets, allow: allow, query: query,
                hidden: [accessKey])
        }
        return [hook("SMS"), hook("MMS", query: "medium=mms")]
    }
}

extension MappingReader {
    fileprivate func digits(_ key: String, _ what: String) -> String? {
        guard let written = text(key) else { return nil }
        guard NumberPlan.digits(of: written.value) != nil else {
            report("'\(key)' must be \(what), in quotes", at: written.position)
            return nil
        }
        return written.value
    }
}
