/// The part of a country's numbering plan that turns a national number into E.164 (ITU-T E.164, national plans).
struct Country: Sendable {
    let callingCode: String
    /// Dialled before a national number inside the country and dropped in E.164; empty where there is none.
    let trunkPrefix: String
    /// Lengths of a national number without its trunk prefix.
    let significantDigits: ClosedRange<Int>
    /// Italy keeps the zero of a land line in E.164.
    var keepsLeadingZero = false
    /// Emergency and service numbers that are no extensions, whatever their length.
    var shortNumbers: Set<String> = ["112"]
    /// Calling codes of parts of the country that have their own, by the beginnings of their national numbers without
    /// trunk prefix. A national number keeps its digits behind that code.
    var overseas: [String: [String]] = [:]

    /// The code before a national number without trunk prefix.
    func callingCode(of significant: some StringProtocol) -> String {
        overseas.first { $0.value.contains { significant.hasPrefix($0) } }?.key ?? callingCode
    }

    static let known: [String: Country] = [
        "AT": Country(callingCode: "43", trunkPrefix: "0", significantDigits: 7...13),
        "BE": Country(callingCode: "32", trunkPrefix: "0", significantDigits: 8...9),
        "BG": Country(callingCode: "359", trunkPrefix: "0", significantDigits: 7...9),
        "CA": Country(callingCode: "1", trunkPrefix: "", significantDigits: 10...10, shortNumbers: ["911"]),
        "CH": Country(callingCode: "41", trunkPrefix: "0", significantDigits: 9...9),
        "CY": Country(callingCode: "357", trunkPrefix: "", significantDigits: 8...8),
        "CZ": Country(callingCode: "420", trunkPrefix: "", significantDigits: 9...9),
        "DE": Country(callingCode: "49", trunkPrefix: "0", significantDigits: 7...11, shortNumbers: ["110", "112"]),
        "DK": Country(callingCode: "45", trunkPrefix: "", significantDigits: 8...8),
        "EE": Country(callingCode: "372", trunkPrefix: "", significantDigits: 7...8),
        "ES": Country(callingCode: "34", trunkPrefix: "", significantDigits: 9...9),
        "FI": Country(callingCode: "358", trunkPrefix: "0", significantDigits: 6...11),
        "FR": Country(
            callingCode: "33", trunkPrefix: "0", significantDigits: 9...9,
            shortNumbers: ["15", "17", "18", "112", "114", "115", "119", "191", "196"],
            // Arcep's numbering plan: Réunion and Mayotte, Guadeloupe, Guiana, Martinique.
            overseas: [
                "262": ["262", "263", "269", "692", "693"], "590": ["590", "690", "691"], "594": ["594", "694"],
                "596": ["596", "696", "697"],
            ]
        ),
        "GB": Country(callingCode: "44", trunkPrefix: "0", significantDigits: 9...10, shortNumbers: ["112", "999"]),
        "GR": Country(callingCode: "30", trunkPrefix: "", significantDigits: 10...10),
        "HR": Country(callingCode: "385", trunkPrefix: "0", significantDigits: 8...9),
        "HU": Country(callingCode: "36", trunkPrefix: "06", significantDigits: 8...9),
        "IE": Country(callingCode: "353", trunkPrefix: "0", significantDigits: 7...9),
        "IT": Country(callingCode: "39", trunkPrefix: "", significantDigits: 8...11, keepsLeadingZero: true),
        "LT": Country(callingCode: "370", trunkPrefix: "0", significantDigits: 8...8),
        "LU": Country(callingCode: "352", trunkPrefix: "", significantDigits: 6...9),
        "LV": Country(callingCode: "371", trunkPrefix: "", significantDigits: 8...8),
        "MA": Country(callingCode: "212", trunkPrefix: "0", significantDigits: 9...9),
        "MC": Country(callingCode: "377", trunkPrefix: "", significantDigits: 8...9),
        "MT": Country(callingCode: "356", trunkPrefix: "", significantDigits: 8...8),
        "NL": Country(callingCode: "31", trunkPrefix: "0", significantDigits: 9...9),
        "NO": Country(callingCode: "47", trunkPrefix: "", significantDigits: 8...8),
        "PL": Country(callingCode: "48", trunkPrefix: "", significantDigits: 9...9),
        "PT": Country(callingCode: "351", trunkPrefix: "", significantDigits: 9...9),
        "RO": Country(callingCode: "40", trunkPrefix: "0", significantDigits: 9...9),
        "SE": Country(callingCode: "46", trunkPrefix: "0", significantDigits: 7...9),
        "SI": Country(callingCode: "386", trunkPrefix: "0", significantDigits: 8...8),
        "SK": Country(callingCode: "421", trunkPrefix: "0", significantDigits: 9...9),
        "TN": Country(callingCode: "216", trunkPrefix: "", significantDigits: 8...8),
        "US": Country(callingCode: "1", trunkPrefix: "", significantDigits: 10...10, shortNumbers: ["911"]),
        "ZA": Country(callingCode: "27", trunkPrefix: "0", significantDigits: 9...9),
    ]
}

extension NumberPlan {
    /// The countries whose national numbers are understood.
    package static var knownCountries: [String] { Country.known.keys.sorted() }
}
