internal import Logging

/// What the simulator does by itself.
extension Simulator {
    func carryOut(_ action: ScenarioAction, in run: ScenarioRun) {
        switch action {
        case .ovhLine(let event):
            let answered = ovh.publish(event.stamped(.now, in: run), token: event.token)
            logger.info(
                "ovh:",
                metadata: ["event": "\(event.event)", "line": "\(masked(event.line))", "polls": "\(answered)"])
        case .ovhQueue(let event):
            let answered = ovh.publish(event.stamped(.now, in: run), token: event.token)
            logger.info(
                "ovh:",
                metadata: ["event": "\(event.event)", "queue": "\(masked(event.queue))", "polls": "\(answered)"])
        case .keyyo(let notification):
            notify(notification, in: run)
        case .voipgrid(let script): play(script)
        case .voipgridNotification(let notification): notify(notification, in: run)
        case .sfr(let document): report(document, in: run)
        case .orange(let script):
            orange.play(script)
            logger.info("orange: rule", metadata: ["event": "\(script.verb.rawValue)"])
        case .orangeMessage(let message): receive(message)
        case .fault(let fault):
            inject(fault)
        case .note(let text):
            logger.info("note:", metadata: ["event": "\(text)"])
        }
    }

    private func inject(_ fault: Fault) {
        logger.info(
            "fault set:",
            metadata: ["event": "\(fault.kind.rawValue)", "provider": "\(fault.provider.rawValue)"])
        switch fault.kind {
        case .sessionLoss: ovh.loseSessions(token: fault.token)
        case .drop: closeOpen(fault.provider)
        default: faults.add(fault)
        }
    }

    /// The body of `POST /control/event`: one scenario line, whose `at` is ignored.
    func playEvent(_ exchange: Exchange) {
        do throws(ScenarioFault) {
            playLoose(try ScenarioLine(exchange.request.body))
            exchange.finish(Response(204))
        } catch {
            exchange.finish(.text(400, error.message + "\n"))
        }
    }

    /// The body of `POST /control/fault`: what stands after `"fault":` in a scenario line.
    func playFault(_ exchange: Exchange) {
        do throws(ScenarioFault) {
            let value: JSONValue
            do {
                value = try JSONReader.read(exchange.request.body)
            } catch {
                throw ScenarioFault("\(error.message) (column \(error.column))")
            }
            playLoose(ScenarioLine(.fault(try Fault(value))))
            exchange.finish(Response(204))
        } catch {
            exchange.finish(.text(400, error.message + "\n"))
        }
    }
}
