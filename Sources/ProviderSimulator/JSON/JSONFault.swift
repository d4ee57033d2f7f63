/// Why a text is not JSON, and at which byte of it (from 1).
struct JSONFault: Error, Equatable {
    let message: String
    let column: Int
}
