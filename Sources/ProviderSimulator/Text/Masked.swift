/// A phone number fit for a log line: the first four and the last two characters, the rest as dots.
func masked(_ number: String) -> String {
    guard number.count > 6 else { return number.count > 3 ? "…\(number.suffix(2))" : number }
    return "\(number.prefix(4))…\(number.suffix(2))"
}

/// A token fit for a log line: its last four characters.
func masked(token: String) -> String {
    "…\(token.suffix(4))"
}
