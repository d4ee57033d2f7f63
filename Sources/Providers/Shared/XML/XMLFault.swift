/// Why a text was not read as XML. Says nothing of its content, which may be personal.
package enum XMLFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// It declares a document type. Those bring entities, and no provider sends one.
    case documentType
    case tooManyBytes(limit: Int)
    case tooDeep(limit: Int)
    case tooManyElements(limit: Int)
    case tooManyAttributes(limit: Int)
    case tooMuchText(limit: Int)
    /// Not well-formed, or cut off: Expat's reason and where.
    case malformed(reason: String, line: Int, column: Int)

    package var description: String {
        switch self {
        case .documentType: "the document declares a document type, which is refused"
        case .tooManyBytes(let limit): "more than \(limit) bytes"
        case .tooDeep(let limit): "elements nested more than \(limit) deep"
        case .tooManyElements(let limit): "more than \(limit) elements"
        case .tooManyAttributes(let limit): "an element with more than \(limit) attributes"
        case .tooMuchText(let limit): "a text of more than \(limit) bytes"
        case .malformed(let reason, let line, let column): "\(reason) in line \(line), column \(column)"
        }
    }
}
