/// What one scenario line does, in the terms of the provider that does it.
package enum ScenarioAction: Sendable, Equatable {
    case ovhLine(OVHLineEvent)
    case ovhQueue(OVHQueueEvent)
    case keyyo(KeyyoNotification)
    case voipgrid(VoIPGRIDScript)
    case voipgridNotification(VoIPGRIDNotification)
    case sfr(SFRDocument)
    case orange(OrangeScript)
    case orangeMessage(OrangeMessage)
    case fault(Fault)
    /// Only a line in the log. As the last line it also gives a looped scenario its length.
    case note(String)
}
