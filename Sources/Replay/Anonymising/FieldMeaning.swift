/// What the name of a field says about its value: whether that is about people.
///
/// The names are those of the providers' documents and samples, and what else forms, address books and telephone
/// systems call the same.
struct FieldMeaning {
    /// A name, an address, an identifier of a person, or words that somebody wrote.
    let isText: Bool
    /// An object of this name holds the parts of one name, whatever they are called.
    let isGroup: Bool
    /// An object of this name is about a person, and what its fields say, if they do, is more than that.
    let isPerson: Bool
    /// A number, or in its place what somebody is called.
    let isParty: Bool
    /// Digits alone are the account of somebody there, as long as a number.
    let isAccount: Bool

    /// Names the field of which the value stands beside it: `{"key":"name","value":…}`.
    let namesValue: Bool
    let isValue: Bool

    var isPersonal: Bool { isText || isParty || isAccount }

    /// - Parameter name: also that of a part (`caller[name]`, `ns:name`, `caller.name`).
    init(_ name: String) {
        let parts = name.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" || $0 == " ") }
        let plain = Self.plain(parts.last ?? "")
        // `data-name`, beside `first-name`.
        let last = Self.plain((parts.last ?? "").split(separator: "-").last ?? "")
        isGroup = parts.contains { Self.isName(Self.plain($0)) } || Self.isName(last)
        isText = isGroup || Self.isText(plain) || Self.isText(last)
        isPerson = Self.persons.contains(plain)
        isParty = Self.parties.contains(plain)
        namesValue = Self.namesOfNames.contains(plain)
        isValue = plain == "value" || plain == "val"
        isAccount = Self.accounts.contains(plain) || Self.accounts.contains(last)
    }

    private static func plain(_ name: Substring) -> String { name.lowercased().filter(\.isLetter) }

    private static func isName(_ plain: String) -> Bool {
        nameEndings.contains { plain.hasSuffix($0) } && !thingsWithNames.contains(plain)
            || nameBeginnings.contains { plain.hasPrefix($0) }
    }

    private static func isText(_ plain: String) -> Bool {
        texts.contains(plain) || textEndings.contains { plain.hasSuffix($0) } && plain != "voicemail"
    }

    private static let nameEndings = ["name", "names", "naam", "nom", "prenom", "prénom"]
    private static let nameBeginnings = [
        "nomclient", "nomcontact", "nomdu", "nomde", "nomcomplet", "nomusage", "prenom",
    ]
    private static let persons: Set<String> = ["contact", "person", "customer", "client"]
    private static let namesOfNames: Set<String> = ["key", "name", "field", "param", "parameter", "property", "label"]
    /// What these are called is nobody's name; queues keep theirs.
    private static let thingsWithNames: Set<String> = [
        "queuename", "hostname", "servicename", "eventname", "sourcename", "typename", "statusname", "filename",
        "domainname",
    ]

    private static let textEndings = [
        "mail", "mails", "note", "notes", "comment", "comments", "login", "subject", "identity",
    ]
    private static let texts: Set<String> = [
        // Parts of names.
        "first", "last", "middle", "given", "family", "surname", "initials", "nick", "alias", "salutation", "display",
        // Who somebody is.
        "contact", "person", "customer", "client", "owner", "operator", "employee", "user", "utilisateur", "recipient",
        "destinataire", "expediteur", "expéditeur", "sender", "agent", "queueagent", "company", "organization",
        "organisation", "societe", "société", "bedrijf", "raisonsociale", "accountnumber", "usernumbers", "nichandle",
        "billing", "idbillingaccount", "billingaccount",
        // Where he lives.
        "address", "adress", "adresse", "calladdress", "calladress", "street", "rue", "city", "ville", "postcode",
        "zip",
        // What somebody wrote.
        "text", "texte", "textmsg", "sms", "smstext", "content", "message", "msg", "bericht", "callresponse",
        "calldetail", "description", "libelle", "libellé", "info", "keyword", "objet", "onderwerp", "title", "titre",
        "remark", "remarks", "remarque", "opmerking", "memo", "commentaire", "commentaires", "transcript",
        "transcription", "refexterne", "reference", "tag",
    ]

    private static let parties: Set<String> = [
        "caller", "callee", "calling", "called", "dialed", "dialled", "from", "to", "number", "callernumber",
        "calleenumber", "callingnumber", "callednumber", "queuemembercidnumber", "cidnumber", "anumber", "bnumber",
        "phone", "phonenumber", "telephone", "tel", "mobile", "redirectingnumber", "redirectby", "divertedby",
        "destination", "remote", "local", "line", "extension", "callernumbers", "callerid", "cid",
    ]

    private static let accounts: Set<String> = ["username", "login", "account", "billing", "idbillingaccount"]
}
