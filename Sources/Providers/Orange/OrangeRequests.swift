package import CallModel

/// The requests of the Orange API of 2010 (the guide; releaseCall and the further parameters from public clients), as
/// data. The service is closed: this is for servers that speak the same.
///
/// Values are percent-encoded once, and between parameters stands `&`, not the `&amp;` of the guide's pages.
package struct OrangeRequests: Sendable {
    /// Where each service is; the guide has several hosts side by side, so that none is a default.
    package struct Services: Sendable, Hashable {
        /// `…/call`
        package var call: String
        /// `…/conf`
        package var conference: String
        /// `…/sms`
        package var messages: String

        package init(call: String, conference: String, messages: String) {
            self.call = call
            self.conference = conference
            self.messages = messages
        }
    }

    /// How the text of an SMS is written; clients disagree, and the guide does not say.
    package enum Charset: String, Sendable, CaseIterable {
        case utf8 = "utf-8"
        case latin1 = "iso-8859-1"
    }

    private let services: Services
    private let key: Redacted<String>
    private let numbers: NumberPlan
    private let names: OrangeNames
    private let charset: Charset
    package let history: OrangeHistory

    /// Characters of a text to be sent.
    package static let maximumTextLength = 1_600
    /// Of a conference.
    package static let minutes = 1...1_440

    /// - Parameter key: the access key. It is part of every URL, hence a secret.
    package init(
        services: Services, key: Redacted<String>, numbers: NumberPlan, names: OrangeNames = OrangeNames(),
        charset: Charset = .utf8, history: OrangeHistory = OrangeHistory()
    ) {
        self.services = services
        self.key = key
        self.numbers = numbers
        self.names = names
        self.charset = charset
        self.history = history
    }

    // MARK: - Calls

    /// Refuses a number that cannot be written internationally.
    package func createCall(from: String, to: String) throws(OrangeRefusal) -> HTTPRequest {
        var parameters = [("from", try number(from, "from")), ("to", try number(to, "to"))]
        if let confirmation = names.confirmation { parameters.append((confirmation, "1")) }
        parameters += constants(names.callConstants)
        return request(services.call, "createCall.xml", parameters)
    }

    package func releaseCall(_ callID: String) -> HTTPRequest {
        request(services.call, "releaseCall.xml", [("call_id", callID)])
    }

    // MARK: - Conferences

    /// Refuses what the service would: no numbers for known callers, another length than 1 to 1,440 minutes; and a
    /// start that the source has no name for.
    package func createConference(_ conference: OrangeConference) throws(OrangeRefusal) -> HTTPRequest {
        let list = try self.list(conference.numbers)
        if list.isEmpty, conference.access == .caller {
            throw OrangeRefusal("a conference for known callers needs their numbers")
        }
        guard Self.minutes.contains(conference.minutes) else {
            throw OrangeRefusal("a conference lasts 1 to 1440 minutes")
        }
        var parameters = [(names.accessMode, conference.access.rawValue)]
        if !list.isEmpty { parameters.append((names.callers, list.joined(separator: ","))) }
        parameters.append(("duration", String(conference.minutes)))
        if let start = conference.start {
            guard let name = names.start else {
                throw OrangeRefusal("this source has no name for the start of a conference; it can only begin now")
            }
            parameters.append((name, start.description))
        }
        return request(services.conference, "createConference.xml", parameters)
    }

    /// Refuses an empty list.
    package func addCallers(_ numbers: [String], to conference: String) throws(OrangeRefusal) -> HTTPRequest {
        let list = try self.list(numbers)
        if list.isEmpty { throw OrangeRefusal("no numbers to add") }
        return request(
            services.conference, "addCaller.xml",
            [("conf_id", conference), ("caller_numbers", list.joined(separator: ","))])
    }

    /// Calls a guest, who joins by pressing `#`.
    package func callGuest(
        _ guest: String, into conference: String, notificationURL: Redacted<String>?
    ) throws(OrangeRefusal) -> HTTPRequest {
        var parameters = [("from", try number(guest, "to")), ("to", conference)]
        if let notificationURL { parameters.append(("notification_url", notificationURL.exposed)) }
        return request(services.conference, "createCall.xml", parameters)
    }

    // MARK: - Messages

    /// - Parameter from: the shortcode or number shown to the receiver; nil: the provider's own choice.
    package func sendSMS(to: String, text: String, from: String?) throws(OrangeRefusal) -> HTTPRequest {
        guard !text.isEmpty, text.count <= Self.maximumTextLength else {
            throw OrangeRefusal("a text has 1 to \(Self.maximumTextLength) characters")
        }
        var encoded = [("to", percentEncoded(try number(to, "to", allowsShort: true)))]
        encoded.append(("content", try content(text)))
        if let from { encoded.append(("from", percentEncoded(try number(from, "from", allowsShort: true)))) }
        for (name, value) in constants(names.messageConstants) { encoded.append((name, percentEncoded(value))) }
        return request(services.messages, "sendSMS.xml", encoded: encoded)
    }

    /// What became of a message; nil where no URL for it is configured.
    package func getHistory(_ callID: String) -> HTTPRequest? {
        guard let url = history.url else { return nil }
        return request(whole: url, encoded: [(history.parameter, percentEncoded(callID))])
    }

    // MARK: - Parts

    /// A number as the provider wants it: international, without `+`. Nil where it cannot be written like that.
    package func sent(_ typed: String, allowsShort: Bool = false) -> String? {
        let party = numbers.party(typed, notation: .prefixed)
        if let number = party.number { return String(number.dropFirst()) }
        guard let digits = NumberPlan.digits(of: typed), let first = digits.first, first != "+", first != "0" else {
            return nil
        }
        // Already as the provider writes it. A shorter one is a national number whose country is not known.
        if (10...15).contains(digits.count) { return digits }
        return allowsShort && (party.kind == .short || party.kind == .extension) ? digits : nil
    }

    private func number(
        _ typed: String, _ field: String, allowsShort: Bool = false
    ) throws(OrangeRefusal) -> String {
        guard let number = sent(typed, allowsShort: allowsShort) else {
            throw OrangeRefusal("\"\(field)\" is not a number that can be written internationally")
        }
        return number
    }

    /// One number an element, or several with commas and blanks between them.
    private func list(_ numbers: [String]) throws(OrangeRefusal) -> [String] {
        var list: [String] = []
        for part in numbers.flatMap({ $0.split(separator: ",") }).map({ trimmed($0) }) where !part.isEmpty {
            list.append(try number(part, "numbers"))
        }
        return list
    }

    private func content(_ text: String) throws(OrangeRefusal) -> String {
        switch charset {
        case .utf8: return percentEncoded(text)
        case .latin1:
            let bytes = text.unicodeScalars.compactMap { $0.value <= 0xFF ? UInt8($0.value) : nil }
            guard bytes.count == text.unicodeScalars.count else {
                throw OrangeRefusal("the text has characters that this source cannot send (ISO 8859-1 only)")
            }
            return percentEncoded(bytes: bytes)
        }
    }

    private func constants(_ constants: [String: String]) -> [(String, String)] {
        constants.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private func request(_ base: String, _ verb: String, _ parameters: [(String, String)]) -> HTTPRequest {
        request(base, verb, encoded: parameters.map { ($0.0, percentEncoded($0.1)) })
    }

    private func request(_ base: String, _ verb: String, encoded: [(String, String)]) -> HTTPRequest {
        request(whole: "\(base.hasSuffix("/") ? String(base.dropLast()) : base)/\(verb)", encoded: encoded)
    }

    private func request(whole url: String, encoded: [(String, String)]) -> HTTPRequest {
        let query = ([("id", percentEncoded(key.exposed))] + encoded)
            .map { "\(percentEncoded($0.0))=\($0.1)" }.joined(separator: "&")
        return HTTPRequest(.get, "\(url)?\(query)", timeout: .seconds(15), maximumReplyBytes: 64 << 10)
    }
}
