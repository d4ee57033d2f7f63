/// The requests of the Orange API ("Présentation des Orange API", June 2010), named as in a scenario.
package enum OrangeVerb: String, Sendable, CaseIterable {
    case createCall
    /// Not in the guide; known from clients.
    case releaseCall
    case createConference
    case addCaller
    /// `conf/createCall.xml`: calls a guest.
    case conferenceCall
    case sendSMS
    /// Named in the guide without address, request or reply.
    case getHistory

    /// - Parameter path: What follows the base address, for example `call/createCall.xml`.
    init?(path: String) {
        switch path {
        case "call/createCall.xml": self = .createCall
        case "call/releaseCall.xml": self = .releaseCall
        case "conf/createConference.xml": self = .createConference
        case "conf/addCaller.xml": self = .addCaller
        case "conf/createCall.xml": self = .conferenceCall
        case "sms/sendSMS.xml": self = .sendSMS
        case "getHistory.xml", "sms/getHistory.xml", "call/getHistory.xml": self = .getHistory
        default: return nil
        }
    }
}
