/// Where notifications go: the URL that a customer types into Keyyo's form, with keywords.
package struct KeyyoTarget: Sendable, Equatable {
    /// Path and query with keywords.
    package let url: PushTarget

    /// Only for this line; nil for every line without a target of its own.
    package var account: String? { url.account }

    /// Reads `http://127.0.0.1:8480/hooks/…?account=_ACCOUNT_&…`, with `33199000020=` in front for one line only.
    /// Keyyo's documents show plain HTTP only.
    package init(_ text: String) throws(SimulatorError) {
        url = try PushTarget(text, option: "--keyyo-target")
        guard url.path.contains(KeyyoKeyword.type.rawValue) else {
            throw .invalid(
                "--keyyo-target \"\(text)\" lacks _N_TYPE_: add for example ?account=_ACCOUNT_&caller="
                    + "_CALLER_&callee=_CALLEE_&type=_N_TYPE_&callref=_CALLREF_&dref=_DREF_&drefreplace=_DREF_REPLACE_"
                    + "&sessionid=_SESSION_ID_&isacd=_IS_ACD_&redirectingnumber=_REDIRECTING_NUMBER_&tsms=_TSMS_")
        }
    }

    /// The request target of one notification. Parameter names are the customer's, so only what follows `=` and the
    /// path are filled.
    func filled(with values: [KeyyoKeyword: String]) -> String {
        let parts = url.path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = KeyyoKeyword.fill(parts[0], with: values)
        guard parts.count == 2 else { return path }
        let query = parts[1].split(separator: "&", omittingEmptySubsequences: false).map { part in
            guard let equals = part.firstIndex(of: "=") else { return String(part) }
            return part[...equals] + KeyyoKeyword.fill(part[part.index(after: equals)...], with: values)
        }
        return path + "?" + query.joined(separator: "&")
    }
}
