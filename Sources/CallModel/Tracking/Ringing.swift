/// How surely a stay in a queue rings the line of a call, from what rules it out up.
enum Ringing: Comparable {
    /// The line rang before the stay was, or when its caller had been served.
    case never
    /// The stay rang that line, but another time.
    case past
    /// The stay does not name the line. It may be that of an agent whose line it does not name.
    case untold
    /// It rang the line some time.
    case some
    /// It offered its agent there the caller, the last time before the line rang at this one. An agent is rung for
    /// one caller at a time: of two stays it is the one that did so last.
    case offered(Timestamp)
    /// Its caller was answered there.
    case served
}

/// When the caller of a queue was connected: as the queue says, and as the line does on which he was.
struct QueueAnswer {
    var told: Moment?
    var heard: Moment?
    var line: CallID?
}
