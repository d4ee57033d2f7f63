import CallModel
import ControlAPI
import Testing

/// What logs say of an order that did not go through.
struct ErrorTextTests {
    @Test(
        arguments: [
            .refused(status: 400, text: "The number +33639980150 is not a valid b_number"),
            .invalid("+33639980150 cannot be dialled"), .unreachable("no route for 33639980150"),
        ] as [CallControlError])
    func theNumberThatAProviderRepeatsIsMasked(_ error: CallControlError) {
        let text = error.description
        #expect(!text.contains("639980150") && text.contains("3363") && text.contains("*****50"), "\(text)")
    }

    @Test func theCallItIsAboutIsNamedWhole() {
        let call = CallID(rawValue: "c01234567890123456789")
        #expect(CallControlError.resultUnknown(call: call).description.contains(call.rawValue))
    }
}
