import CallModel
import HostSupport
import Logging
import NIOCore

/// Drives one reader on one connection: does what its state machine says, as the channel takes it.
///
/// Lives on the event loop. Farewell lines are written here, and the channel is closed when they are with the kernel.
final class SubscriberHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// One turn of the event loop fills the channel at most this often: others wait for the same loop.
    private static let roundsPerTurn = 8

    let socket: String
    let numbers: EventEncoder.Numbers
    private let hub: StreamHub
    private let peer: PeerCredentials?
    private let limits: EventSocketLimits
    private let logger: Logger
    private let id: SubscriberID
    private let snapshotCalls: [LiveCall]
    private var machine: SubscriberStateMachine
    private var greeting: StreamGreeting
    private weak var roster: SubscriberRoster?
    private var context: ChannelHandlerContext?
    private var alarm: (due: Timestamp, task: Scheduled<Void>)?
    private var isPumping = false
    private var discardedBytes = 0
    private var sentLines: Int64 = 0
    /// Why it was told to go; nil where it was not.
    private var sentAway: ReaderSession.Leaving?
    private var hasTakenFarewell = false

    init(
        hub: StreamHub, socket: String, numbers: EventEncoder.Numbers, peer: PeerCredentials?, version: String,
        limits: EventSocketLimits, roster: SubscriberRoster, logger: Logger
    ) {
        let snapshot = hub.snapshot()
        self.hub = hub
        self.socket = socket
        self.numbers = numbers
        self.peer = peer
        self.limits = limits
        self.roster = roster
        self.logger = logger
        snapshotCalls = snapshot.calls
        machine = SubscriberStateMachine(
            snapshotHead: snapshot.head, liveCalls: snapshot.calls.count, policy: limits.policy,
            now: MonotonicClock.now()
        )
        id = hub.subscribers.register(
            socket: socket, peer: peer, numbers: numbers, cursor: snapshot.head, now: WallClock.now()
        )
        greeting = StreamGreeting(epoch: hub.epoch, subscriber: id, version: version, numbers: numbers)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        roster?.add(self)
        if context.channel.isActive { begin(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    private func begin(_ context: ChannelHandlerContext) {
        context.read()
        pump()
    }

    func handlerRemoved(context: ChannelHandlerContext) { leave() }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    private func leave() {
        guard context != nil else { return }
        context = nil
        forgo()
    }

    /// Takes back what `init` and `handlerAdded` have entered elsewhere.
    func forgo() {
        alarm?.task.cancel()
        alarm = nil
        machine.disconnected()
        hub.subscribers.unregister(id, left: sentAway ?? .disconnected)
        roster?.remove(self)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { pump() }
        context.fireChannelWritabilityChanged()
    }

    /// Readers have nothing to say. Their end of input is no reason to stop either: `nc -N` ends it at once.
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        discardedBytes += unwrapInboundIn(data).readableBytes
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if discardedBytes < limits.inputBytes { context.read() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    /// Sends what can be sent now, then the farewell, and closes when that is written or the time is over.
    func dismiss(_ reason: ByeReason, closeBy deadline: Timestamp?) {
        pump()
        machine.dismissed(reason, closeBy: deadline)
        pump()
    }

    /// As `SubscriberStateMachine.leavingSince`.
    var leavingSince: Timestamp? { machine.leavingSince }

    /// Leaves its place to somebody else, at once; false where it keeps it.
    func giveWay() -> Bool {
        guard let context, machine.placeWanted() else { return false }
        logger.notice("cut reader closed: its place is wanted", metadata: who)
        leave()
        context.close(promise: nil)
        return true
    }

    /// Sends what there is, as far as there is room. Called again when either changes.
    func pump() {
        guard !isPumping else { return }
        isPumping = true
        var rounds = Self.roundsPerTurn
        while let context, context.channel.isActive {
            let wantsMore = fill(context)
            context.flush()
            guard wantsMore, context.channel.isWritable else { break }
            rounds -= 1
            if rounds == 0 {
                context.eventLoop.assumeIsolated().execute { self.pump() }
                break
            }
        }
        isPumping = false
        report()
    }

    /// Writes until there is no room or nothing to write. True: for want of room.
    private func fill(_ context: ChannelHandlerContext) -> Bool {
        while true {
            let hasRoom = context.channel.isWritable
            let now = MonotonicClock.now()
            switch machine.next(hasRoom: hasRoom, ring: hub.extent, now: now) {
            case .sendHello(let head):
                write(greeting.hello(oldest: hub.oldest, head: head, now: WallClock.now()), context)
            case .sendSnapshot(let index, let head):
                write(greeting.snapshot(snapshotCalls[index], head: head, now: WallClock.now()), context)
            case .sendLive(let head):
                write(greeting.live(head: head, now: WallClock.now()), context)
            case .sendBookmark(let seq):
                write(greeting.bookmark(seq: seq, now: WallClock.now()), context)
            case .sendGap(let from, let to):
                write(greeting.gap(from: from, to: to, now: WallClock.now()), context)
            case .sendLines(let seq):
                writeLines(after: seq, context)
            case .sendBye(let reason, let seq):
                sendAway(reason, seq: seq)
                writeFarewell(greeting.bye(reason, seq: seq, now: WallClock.now()), context)
            case .wait(let due):
                wake(at: due, now: now, context)
                return !hasRoom
            case .close:
                if !hasTakenFarewell { logger.info("reader closed: it takes nothing", metadata: who) }
                context.close(promise: nil)
                return false
            }
        }
    }

    private func sendAway(_ reason: ByeReason, seq: Int64) {
        sentAway = ReaderSession.Leaving(reason)
        hub.subscribers.sentAway(id, reason)
        guard reason == .slow else { return }
        let behind = hub.head - seq
        logger.notice("reader cut: it reads too slowly", metadata: who.merging(["behind": "\(behind)"]) { $1 })
    }

    private var who: Logger.Metadata {
        var who: Logger.Metadata = ["reader": "\(id)", "socket": "\(socket)"]
        if let peer {
            who["uid"] = "\(peer.uid)"
            who["pid"] = "\(peer.pid)"
        }
        return who
    }

    /// Lines that were let go of in this instant are for the state machine to notice, at the next turn of its loop.
    private func writeLines(after seq: Int64, _ context: ChannelHandlerContext) {
        let page = hub.encodedLines(after: seq, maximumBytes: limits.pendingBytes / 2, numbers: numbers)
        guard case .lines(let lines, let through) = page else { return }
        for line in lines { context.write(wrapOutboundOut(line), promise: nil) }
        sentLines += Int64(lines.count)
        machine.linesSent(through: through)
    }

    private func writeFarewell(_ line: [UInt8], _ context: ChannelHandlerContext) {
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenSuccess { [self] in
            hasTakenFarewell = true
            machine.farewellWritten()
            // Not from within the flush that has just written it.
            context.eventLoop.assumeIsolated().execute { self.pump() }
        }
        context.write(wrapOutboundOut(ByteBuffer(bytes: line)), promise: written)
        sentLines += 1
    }

    private func write(_ line: [UInt8], _ context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(ByteBuffer(bytes: line)), promise: nil)
        sentLines += 1
    }

    private func wake(at due: Timestamp?, now: Timestamp, _ context: ChannelHandlerContext) {
        guard due != alarm?.due else { return }
        alarm?.task.cancel()
        alarm = due.map { due in
            let delay = TimeAmount.milliseconds(max(0, due.since(now).milliseconds))
            let task = context.eventLoop.assumeIsolated().scheduleTask(in: delay) {
                self.alarm = nil
                self.pump()
            }
            return (due, task)
        }
    }

    private func report() {
        guard let context else { return }
        let pending = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        hub.subscribers.update(id, cursor: machine.cursor, pendingBytes: pending, sentLines: sentLines)
    }
}
