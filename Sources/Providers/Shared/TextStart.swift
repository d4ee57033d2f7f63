/// What is common to texts from outside before they are read: their beginning.
package enum TextStart {
    /// Without byte order mark and blanks in front. The XML prolog must be the very first, and the first byte tells
    /// XML from JSON where no header does.
    package static func trimmed(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        var rest = bytes[...]
        while true {
            if rest.starts(with: [0xEF, 0xBB, 0xBF]) {
                rest = rest.dropFirst(3)
            } else if let first = rest.first, [0x20, 0x09, 0x0A, 0x0D].contains(first) {
                rest = rest.dropFirst()
            } else {
                return rest
            }
        }
    }
}
