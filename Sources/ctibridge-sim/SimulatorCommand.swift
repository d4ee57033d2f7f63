internal import ArgumentParser
internal import CallModel
internal import Logging
internal import ProviderSimulator

/// `ctibridge-sim`: plays the providers on loopback.
@main
struct SimulatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ctibridge-sim",
        abstract:
            "Plays telephony providers (OVH, VoIPGRID, Keyyo, SFR DMC, Orange) on loopback, in their own wire formats.",
        usage: "ctibridge-sim [--listen ADDRESS] [--scenario FILE]... [--loop] [--speed FACTOR] [OPTIONS]",
        discussion: """
            Point a program at http://127.0.0.1:8490/ovh, /voipgrid, /keyyo and /orange instead of at the \
            providers; what the providers send by themselves goes to the --...-target URLs. \
            "listening on http://ADDRESS" on stdout means ready; what it does is told on stderr, a line each. \
            Scenario files, numbers with a meaning and /control/... are explained in docs/simulator.md.

            EXAMPLES
              ctibridge-sim --scenario etc/scenarios/demo.jsonl --loop
              ctibridge-sim --scenario demo.jsonl --wait --speed 10
              ctibridge-sim --keyyo-target \
            'http://127.0.0.1:8480/h?account=_ACCOUNT_&type=_N_TYPE_'
              ctibridge-sim --scenario sfr-dmc-fax-sent.jsonl --sfr-dmc-target http://127.0.0.1:8480/h
              curl 'http://127.0.0.1:8490/ovh/?token=T&session='

            EXIT CODES
              0 ended by Ctrl-C or SIGTERM   64 wrong usage
              65 mistakes in a scenario      66 a file cannot be read
              69 cannot listen
            """,
        version: "ctibridge-sim \(ctibridgeVersion)"
    )

    @OptionGroup
    var options: SimulatorOptions

    func validate() throws {
        _ = try options.resolved()
    }

    func run() async throws {
        let ending = EndingSignals()
        raiseDescriptorLimit()
        let scenarios = try options.scenarios()
        let logger = Logger(label: "ctibridge-sim") { [options] _ in
            ReadableLogHandler(logLevel: options.quiet ? .critical : options.verbose ? .debug : .info)
        }
        let simulator = Simulator(try options.resolved(), logger: logger)
        let port: Int
        do {
            port = try await simulator.start()
        } catch {
            Terminal.error("ctibridge-sim: \(error)")
            throw ExitCode(Exit.unavailable)
        }
        Terminal.output("listening on http://\(options.listenHost):\(port)")
        await withTaskGroup { group in
            for scenario in scenarios {
                group.addTask { [options] in
                    if options.wait { await firstRequest(to: simulator) }
                    await simulator.play(scenario, loop: options.loop)
                }
            }
            await ending.first()
            group.cancelAll()
        }
        await simulator.stop()
    }

    /// Scenarios may take days; whoever waits looks twenty times a second.
    private func firstRequest(to simulator: Simulator) async {
        while simulator.requestCount == 0 {
            do { try await Task.sleep(for: .milliseconds(50)) } catch { return }
        }
    }
}
