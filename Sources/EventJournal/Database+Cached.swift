import FoundationEssentials
import GRDB

extension Database {
    /// Executes a statement that is prepared once per connection.
    func execute(cached sql: String, _ arguments: StatementArguments) throws {
        try cachedStatement(sql: sql).execute(arguments: arguments)
    }
}

extension Row {
    /// The text in a column that is never empty in a sound database.
    func text(at index: Int) throws -> String {
        guard let text = self[index] as String? else { throw Self.damage(index) }
        return text
    }

    /// The number in a column that is never empty in a sound database.
    func number(at index: Int) throws -> Int64 {
        guard let number = self[index] as Int64? else { throw Self.damage(index) }
        return number
    }

    /// The bytes in a column that is never empty in a sound database.
    func bytes(at index: Int) throws -> [UInt8] {
        guard let bytes = try optionalBytes(at: index) else { throw Self.damage(index) }
        return bytes
    }

    func optionalBytes(at index: Int) throws -> [UInt8]? {
        try withUnsafeData(atIndex: index) { data in data.map { [UInt8]($0) } }
    }

    static func damage(_ index: Int) -> DatabaseError {
        DatabaseError(resultCode: .SQLITE_CORRUPT, message: "column \(index) of a row holds no usable value")
    }
}

extension [UInt8] {
    var data: Data { Data(self) }
}

extension String {
    /// This text as SQLite keeps it: its texts end at the first NUL, which only a hostile provider sends.
    var storable: String {
        utf8.contains(0) ? replacing("\0", with: "\u{FFFD}") : self
    }
}
