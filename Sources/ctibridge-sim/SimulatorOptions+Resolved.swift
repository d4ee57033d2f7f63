internal import ArgumentParser
internal import FoundationEssentials
internal import ProviderSimulator

/// What the options mean.
extension SimulatorOptions {
    /// - Throws: `ValidationError` (exit 64), or `ExitCode` 66 for a token file that cannot be read.
    func resolved() throws -> SimulatorConfiguration {
        guard speed.isFinite, (0.001...100_000).contains(speed) else {
            throw ValidationError("--speed must be from 0.001 to 100000")
        }
        guard hold.isFinite, (0.01...86_400).contains(hold) else {
            throw ValidationError("--hold must be from 0.01 to 86400 seconds")
        }
        do {
            var configuration = SimulatorConfiguration(listen: try LoopbackAddress(listen))
            configuration.hold = .seconds(hold)
            configuration.speed = speed
            configuration.tokens = try tokens()
            configuration.idleReply = ovhIdle
            configuration.awkwardSessions = awkwardSessions
            configuration.keyyoTargets = try keyyoTarget.map { try KeyyoTarget($0) }
            configuration.keyyoPassword = keyyoPassword
            if !keyyoDigest.isEmpty { configuration.keyyoDigest = keyyoDigest }
            configuration.keyyoBusy = keyyoBusy
            configuration.voipgridUser = voipgridUser
            configuration.voipgridPassword = voipgridPassword
            configuration.voipgridToken = voipgridToken
            configuration.voipgridTargets = try voipgridTarget.map { try PushTarget($0, option: "--voipgrid-target") }
            configuration.voipgridNotifiesDials = voipgridNotifyDials
            configuration.voipgridShape = voipgridShape
            configuration.sfrTargets = try sfrDmcTarget.map { try PushTarget($0, option: "--sfr-dmc-target") }
            configuration.sfrFormat = sfrDmcFormat
            configuration.orangeTargets = try orangeTarget.map { [try PushTarget($0, option: "--orange-target")] } ?? []
            configuration.orangeKey = orangeKey
            configuration.orangeNoticeMethod = orangeNotify
            configuration.orangeNoticeNames = try orangeNotifyNames.map { try OrangeNotice.Names($0) } ?? .init()
            return configuration
        } catch let error as SimulatorError {
            throw ValidationError(error.description)
        }
    }

    /// The host as written, for the line that says where the simulator listens.
    var listenHost: String {
        listen.lastIndex(of: ":").map { String(listen[..<$0]) } ?? listen
    }

    /// Reads every scenario file; all mistakes of all files are printed before it ends.
    /// - Throws: `ExitCode` 65 or 66.
    func scenarios() throws -> [Scenario] {
        var scenarios: [Scenario] = []
        var code: Int32?
        for file in scenarioFiles {
            do {
                scenarios.append(try ScenarioReader.read(path: file))
            } catch let errors as ScenarioErrors {
                Terminal.error(errors.description)
                code = code ?? Exit.badData
            } catch {
                Terminal.error("ctibridge-sim: \(error)")
                code = Exit.noInput
            }
        }
        if let code { throw ExitCode(code) }
        return scenarios
    }

    private func tokens() throws -> Set<String>? {
        var tokens = Set(token)
        if let tokenFile {
            guard let data = try? Data(contentsOf: URL(filePath: tokenFile)),
                let text = String(validating: data, as: UTF8.self)
            else {
                Terminal.error("ctibridge-sim: cannot read \(tokenFile)")
                throw ExitCode(Exit.noInput)
            }
            tokens.formUnion(text.split(whereSeparator: \.isWhitespace).map(String.init))
        }
        return token.isEmpty && tokenFile == nil ? nil : tokens
    }
}
