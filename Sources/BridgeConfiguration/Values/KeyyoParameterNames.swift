/// The names that the administrator gave Keyyo's values in the notification URL.
///
/// Keyyo replaces its keywords inside the URL; the parameter names around them are the customer's choice (Keyyo, CTI
/// guide 1.5, "API Keyyo").
package struct KeyyoParameterNames: Sendable, Hashable {
    package var account = "account"
    package var caller = "caller"
    package var callee = "callee"
    package var type = "type"
    package var callref = "callref"
    package var version = "version"
    package var dref = "dref"
    package var drefreplace = "drefreplace"
    package var sessionid = "sessionid"
    package var isacd = "isacd"
    package var redirectingnumber = "redirectingnumber"
    package var tsms = "tsms"

    /// One value that Keyyo sends.
    struct Value {
        /// The key in the configuration, and the parameter's default name.
        let key: String
        /// What Keyyo replaces.
        let keyword: String
        let path: WritableKeyPath<KeyyoParameterNames, String>
    }

    /// In the order of the URL to paste.
    static var values: [Value] {
        [
            Value(key: "account", keyword: "_ACCOUNT_", path: \.account),
            Value(key: "caller", keyword: "_CALLER_", path: \.caller),
            Value(key: "callee", keyword: "_CALLEE_", path: \.callee),
            Value(key: "type", keyword: "_N_TYPE_", path: \.type),
            Value(key: "callref", keyword: "_CALLREF_", path: \.callref),
            Value(key: "version", keyword: "_N_VERSION_", path: \.version),
            Value(key: "dref", keyword: "_DREF_", path: \.dref),
            Value(key: "drefreplace", keyword: "_DREF_REPLACE_", path: \.drefreplace),
            Value(key: "sessionid", keyword: "_SESSION_ID_", path: \.sessionid),
            Value(key: "isacd", keyword: "_IS_ACD_", path: \.isacd),
            Value(key: "redirectingnumber", keyword: "_REDIRECTING_NUMBER_", path: \.redirectingnumber),
            Value(key: "tsms", keyword: "_TSMS_", path: \.tsms),
        ]
    }

    /// The configured names by Keyyo's keyword: `_N_TYPE_` to `type`.
    package var byKeyword: [String: String] {
        Dictionary(uniqueKeysWithValues: Self.values.map { ($0.keyword, self[keyPath: $0.path]) })
    }

    /// `account=_ACCOUNT_&caller=_CALLER_…` with the configured names.
    var queryTemplate: String {
        Self.values.map { "\(self[keyPath: $0.path])=\($0.keyword)" }.joined(separator: "&")
    }
}
