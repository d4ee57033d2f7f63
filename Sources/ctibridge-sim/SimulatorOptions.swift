internal import ArgumentParser
internal import ProviderSimulator

/// What the user typed.
struct SimulatorOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Where to listen; only this machine. Port 0 takes a free one.", valueName: "address"))
    var listen = "127.0.0.1:8490"

    @Option(name: .customLong("scenario"), help: ArgumentHelp("Scenario to play; may be repeated.", valueName: "file"))
    var scenarioFiles: [String] = []

    @Option(help: ArgumentHelp("Play scenarios and call scripts this many times faster.", valueName: "factor"))
    var speed = 1.0

    @Flag(help: "Begin each scenario again when it has ended, with fresh call ids.")
    var loop = false

    @Flag(help: "Begin with the scenarios only when the first request has come.")
    var wait = false

    @Option(help: ArgumentHelp("How long a poll is held.", valueName: "seconds"))
    var hold = 60.0

    @Option(help: ArgumentHelp("OVH token that is known; may be repeated. Without any, all are.", valueName: "token"))
    var token: [String] = []

    @Option(name: .customLong("tokens"), help: ArgumentHelp("File with one OVH token a line.", valueName: "file"))
    var tokenFile: String?

    @Option(help: "Body of an idle end of OVH version 1, which no document shows.")
    var ovhIdle = SimulatorConfiguration.IdleReply.envelope

    @Flag(help: "OVH sessions with characters that a client must percent-encode.")
    var awkwardSessions = false

    @Option(
        help: ArgumentHelp(
            "URL that gets Keyyo's notifications, with _KEYWORDS_ as in Keyyo's form; LINE=URL for one line only.",
            valueName: "url"))
    var keyyoTarget: [String] = []

    @Option(
        help: ArgumentHelp(
            "SIP password for makecall (HTTP Digest). Without it no login is asked.", valueName: "password"))
    var keyyoPassword: String?

    @Option(help: "Digest algorithm offered; may be repeated.")
    var keyyoDigest: [DigestAlgorithm] = []

    @Option(help: "Where Keyyo says 500 Come Back Later.")
    var keyyoBusy = SimulatorConfiguration.BusyForm.status

    @Option(help: ArgumentHelp("User of VoIPGRID's interface. Without it any login is accepted.", valueName: "user"))
    var voipgridUser: String?

    @Option(help: ArgumentHelp("Password for Basic.", valueName: "password"))
    var voipgridPassword: String?

    @Option(help: ArgumentHelp("API token for Token; the password if left out.", valueName: "token"))
    var voipgridToken: String?

    @Option(
        help: ArgumentHelp(
            "URL that gets VoIPGRID's call notifications, beside those registered over its interface; may be repeated.",
            valueName: "url"))
    var voipgridTarget: [String] = []

    @Flag(help: "Send call notifications of click-to-dial calls, too, under an id of their own.")
    var voipgridNotifyDials = false

    @Option(help: "Form of the call notifications: without or with microseconds and user_emails.")
    var voipgridShape = VoIPGRIDShape.y2023

    @Option(
        help: ArgumentHelp(
            "URL that gets SFR DMC's reports (POST); SERVICE=URL for one service id only.", valueName: "url"))
    var sfrDmcTarget: [String] = []

    @Option(help: "Format of SFR DMC's reports where the scenario does not say.")
    var sfrDmcFormat = SFRFormat.xml

    @Option(help: ArgumentHelp("URL that gets the SMS and MMS received by Orange (GET).", valueName: "url"))
    var orangeTarget: String?

    @Option(help: ArgumentHelp("Access key of the Orange API. Without it any key is accepted.", valueName: "key"))
    var orangeKey: String?

    @Option(help: "How a conference's notification_url is told about its guests.")
    var orangeNotify = OrangeNotice.Method.get

    @Option(
        help: ArgumentHelp(
            "Parameter names of those notifications: call=call_id,state=state,conference=conf_id,number=number; an "
                + "empty name leaves one out.",
            valueName: "names"))
    var orangeNotifyNames: String?

    @Flag(name: .shortAndLong, help: "No lines on stderr but errors.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "A line for every poll, too.")
    var verbose = false
}

extension SimulatorConfiguration.IdleReply: ExpressibleByArgument {}
extension SimulatorConfiguration.BusyForm: ExpressibleByArgument {}
extension DigestAlgorithm: ExpressibleByArgument {}
extension VoIPGRIDShape: ExpressibleByArgument {}
extension SFRFormat: ExpressibleByArgument {}
extension OrangeNotice.Method: ExpressibleByArgument {}
