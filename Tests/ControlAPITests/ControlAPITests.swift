import Testing

/// One after another: each serves a whole API, and the deadlines they look at mean little on a crowded machine.
@Suite(.serialized, .timeLimit(.minutes(1)))
enum ControlAPITests {}
