/// Exit codes (sysexits.h); 64 for wrong usage comes from the argument parser.
enum Exit {
    /// A scenario has mistakes.
    static let badData: Int32 = 65
    /// A file cannot be read.
    static let noInput: Int32 = 66
    /// The port cannot be had.
    static let unavailable: Int32 = 69
}
