/// How a report carries `broadcast_id`, `contact_id` and `space_id`.
enum SFRIDForm: String, Sendable, CaseIterable {
    case string
    /// JSON only: bare numbers, the call id too. Whether they ever come so is in no document.
    case number
    /// Without them, and with a call id of 24 hexadecimal digits, as in the JSON of 2018.
    case none
}
