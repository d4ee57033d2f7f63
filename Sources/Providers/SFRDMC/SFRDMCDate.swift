package import CallModel

/// A time as DMC writes it, in one of four notations: `2014-07-11 09:52:12` (XML of 2014, no zone),
/// `2018-10-19 11:48:38 CEST` (JSON of 2018), the same without the blank before the zone (its histories), and
/// `2019-03-28T09:42:47Z` (JSON of 2019).
package struct SFRDMCDate: Sendable, Hashable {
    package let time: Timestamp
    /// The text named no zone.
    package let isZoneAssumed: Bool

    /// Nil where the text is no time. A zone word other than CET and CEST is not guessed.
    package init?(_ text: String, zone: AssumedZone) {
        let bytes = Array(text.utf8.prefix(64))
        guard bytes.count >= 19, [UInt8(ascii: " "), UInt8(ascii: "T")].contains(bytes[10]) else { return nil }
        let date = String(decoding: bytes[..<10], as: UTF8.self)
        let clock = String(decoding: bytes[11..<19], as: UTF8.self)
        let rest = bytes[19...].drop { $0 == UInt8(ascii: " ") }
        let word = String(decoding: rest, as: UTF8.self).uppercased()
        let suffix =
            switch word {
            case "CEST": "+02:00"
            case "CET": "+01:00"
            case "": "Z"
            default: word
            }
        guard let time = Timestamp(rfc3339: "\(date)T\(clock)\(suffix)") else { return nil }
        isZoneAssumed = word.isEmpty
        self.time = word.isEmpty ? zone.moment(showing: time) : time
    }
}
