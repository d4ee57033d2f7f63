/// The keywords that Keyyo replaces in the customer's URL, and the parameter names the customer chose for them.
package struct KeyyoParameters: Sendable, Hashable {
    /// What Keyyo replaces in the URL (CTI guides 1.0 and 1.5); the raw values are its words.
    package enum Keyword: String, Sendable, CaseIterable {
        case account = "_ACCOUNT_"
        case caller = "_CALLER_"
        case callee = "_CALLEE_"
        case type = "_N_TYPE_"
        case callReference = "_CALLREF_"
        case version = "_N_VERSION_"
        case dialog = "_DREF_"
        case dialogReplaced = "_DREF_REPLACE_"
        case session = "_SESSION_ID_"
        case viaReception = "_IS_ACD_"
        case redirecting = "_REDIRECTING_NUMBER_"
        case time = "_TSMS_"

        /// The keyword that `text` names in whatever spelling: `_CALLREF_`, `CALLREF`, `$CALLREF`, `{callref}`. Guide
        /// 1.0 prints four of them without their underscores, and only with them does Keyyo replace one.
        package init?(spelledLoosely text: String) {
            guard text.utf8.count <= 64, let known = Self.byLetters[Self.letters(of: text)] else { return nil }
            self = known
        }

        private static let byLetters = Dictionary(
            allCases.map { (letters(of: $0.rawValue), $0) }
        ) { first, _ in first }

        private static func letters(of text: String) -> String {
            text.filter { !"_${}%".contains($0) }.lowercased()
        }

        /// What the parameter is called unless the customer chose otherwise.
        package var defaultName: String {
            switch self {
            case .account: "account"
            case .caller: "caller"
            case .callee: "callee"
            case .type: "type"
            case .callReference: "callref"
            case .version: "version"
            case .dialog: "dref"
            case .dialogReplaced: "drefreplace"
            case .session: "sessionid"
            case .viaReception: "isacd"
            case .redirecting: "redirectingnumber"
            case .time: "tsms"
            }
        }
    }

    private let names: [Keyword: String]

    /// - Parameter names: only those that differ from the defaults.
    package init(names: [Keyword: String] = [:]) {
        self.names = names
    }

    /// The customer's name for it, else the default.
    package func name(of keyword: Keyword) -> String {
        names[keyword] ?? keyword.defaultName
    }

    /// The query to paste into Keyyo's form behind the URL of the hook.
    package var template: String {
        Keyword.allCases.map { "\(name(of: $0))=\($0.rawValue)" }.joined(separator: "&")
    }
}
