import Testing

/// Fails a test in the `else` of a `guard`, where the value that came is of another case than the one to look into.
func unexpected(_ location: SourceLocation = #_sourceLocation) {
    Issue.record("a value of another case", sourceLocation: location)
}
