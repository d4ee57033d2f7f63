package import CallModel
package import Providers

/// Places click-to-dial calls, hangs them up and has them followed.
package struct VoIPGRIDPlacer: CallPlacer, CallController {
    package let passesOn: Set<PlacementWish> = [.autoAnswer]

    private let source: SourceName
    private let requests: VoIPGRIDRequests
    private let follower: StatusFollower
    private let ownShownNumber: String?
    private let shownNumber: String?
    private let ownNumber: String?
    private let scrubber: SecretScrubber
    private let surroundings: Surroundings

    /// - Parameters:
    ///   - ownNumber: the phone that rings first, where it is not the user's own choice.
    ///   - ownShownNumber: the number shown to that phone.
    ///   - shownNumber: the number shown to the called party.
    package init(
        source: SourceName, requests: VoIPGRIDRequests, follower: StatusFollower, ownNumber: String?,
        ownShownNumber: String?, shownNumber: String?, scrubber: SecretScrubber, surroundings: Surroundings
    ) {
        self.source = source
        self.requests = requests
        self.follower = follower
        self.ownNumber = ownNumber
        self.ownShownNumber = ownShownNumber
        self.shownNumber = shownNumber
        self.scrubber = scrubber
        self.surroundings = surroundings
    }

    package func origin(_ from: String?) -> String? { from ?? ownNumber }

    package func place(_ order: PlacementOrder) async -> PlacedCall {
        let from = origin(order.from)
        let request = requests.place(
            VoIPGRIDRequests.Call(
                to: order.to, from: from, ownShownNumber: ownShownNumber, shownNumber: shownNumber,
                autoAnswer: order.autoAnswer))
        let (outcome, elapsed) = await surroundings.execute(request, scrubber: scrubber)
        await follower.notePlacement(outcome, elapsed)
        var body: [UInt8] = []
        let result: PlacementResult
        switch outcome {
        case .success(let reply):
            body = reply.body
            result = VoIPGRIDRequests.result(of: reply).scrubbed(by: scrubber)
        case .failure(let failure): result = PlacementResult(failure)
        }
        let delivery = PlacementReports.delivery(
            result, call: order.call, to: order.to, from: from, body: body, source: source,
            observed: surroundings.now())
        let receipt = await surroundings.keep(delivery)
        if case .accepted = result, receipt != nil, let callid = VoIPGRIDRequests.callid(in: body) {
            follower.follow(callid)
        }
        return PlacedCall(result, receipt?.call ?? order.call, isDurable: receipt != nil)
    }

    package func track(_ callid: String, as call: CallID) async -> TrackResult {
        var json = JSONWriter()
        json.object { $0.field("callid", callid) }
        let delivery = PlacementReports.tracking(
            call: call, body: json.bytes, source: source, observed: surroundings.now())
        guard let receipt = await surroundings.keep(delivery), follower.follow(callid) else { return .notNow }
        return .tracked(receipt.call ?? call)
    }

    package func follow(_ callid: String) { follower.follow(callid) }

    package func hangUp(_ callid: String) async -> HangUpResult {
        let (outcome, _) = await surroundings.execute(requests.hangUp(callid), scrubber: scrubber)
        switch outcome {
        case .success(let reply) where VoIPGRIDRequests.isHungUp(reply):
            let delivery = Delivery(
                source: source, observed: surroundings.now(), kind: .hangup, attributes: ["callid": callid])
            return await surroundings.keep(delivery) == nil ? .unknown(HangUpResult.notWritten) : .agreed
        case .success(let reply) where reply.status == 404: return .gone
        case .success(let reply):
            return .refused(status: reply.status, text: scrubber.scrub(PlacementResult.text(of: reply)))
        case .failure(let failure):
            let text = scrubber.scrub(failure.description)
            return failure.mayHaveBeenSent ? .unknown(text) : .unreachable(text)
        }
    }
}
