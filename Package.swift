// swift-tools-version: 6.2
import PackageDescription

/// Every target is built the same way: Swift 6 mode, the upcoming features that keep interfaces honest, and no
/// warning left standing.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// The same for the middle, which is optimised in debug builds too: tests let a hundred thousand calls pass through it.
let strictAndFast: [SwiftSetting] = strict + [.unsafeFlags(["-O"], .when(configuration: .debug))]

let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"),
]
let log: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let hummingbird: [Target.Dependency] = [
    .product(name: "Hummingbird", package: "hummingbird"),
    .product(name: "HummingbirdCore", package: "hummingbird"),
]
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")

let package = Package(
    name: "ctibridge",
    products: [
        .executable(name: "ctibridged", targets: ["ctibridged"]),
        .executable(name: "ctibridge", targets: ["ctibridge"]),
        .executable(name: "ctibridge-sim", targets: ["ctibridge-sim"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // The middle: pure value types, no clock, no I/O.
        .target(name: "CallModel", swiftSettings: strictAndFast),
        .target(
            name: "Providers",
            dependencies: ["CallModel", "CExpat", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: strictAndFast
        ),

        // The daemon's way from bytes to events, offline: recordings, replaying, explaining.
        .target(name: "Replay", dependencies: ["CallModel", "Providers"], swiftSettings: strictAndFast),

        // The few things every edge needs from the operating system.
        .target(
            name: "HostSupport",
            dependencies: ["CallModel", "CShims", .product(name: "NIOCore", package: "swift-nio")],
            swiftSettings: strict
        ),

        // The edges: one library each, driven by the middle.
        .target(
            name: "CurlTransport",
            dependencies: ["CallModel", "HostSupport", "CCurl", "CShims", log],
            swiftSettings: strict
        ),
        .target(
            name: "Intake",
            dependencies: [
                "CallModel", "HostSupport", "Providers", "CurlTransport", log, lifecycle, httpTypes,
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "Crypto", package: "swift-crypto"),
            ] + nio + hummingbird,
            swiftSettings: strict
        ),
        .target(
            name: "EventJournal",
            dependencies: ["CallModel", log, .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: strict
        ),
        .target(
            name: "Fanout",
            dependencies: ["CallModel", "HostSupport", "CShims", log, lifecycle] + nio,
            swiftSettings: strict
        ),
        .target(
            name: "ControlAPI",
            dependencies: [
                "CallModel", "HostSupport", "EventJournal", "Fanout", "Replay", log, lifecycle, httpTypes,
                .product(name: "Crypto", package: "swift-crypto"),
            ] + nio + hummingbird,
            swiftSettings: strict
        ),
        .target(name: "SystemdSupport", dependencies: ["CSystemd", log], swiftSettings: strict),
        .target(
            name: "BridgeConfiguration",
            dependencies: ["CallModel", "Providers", .product(name: "Yams", package: "Yams")],
            swiftSettings: strict
        ),
        .target(
            name: "BridgeDaemon",
            dependencies: [
                "CallModel", "HostSupport", "Providers", "CurlTransport", "Intake", "EventJournal", "Fanout",
                "ControlAPI", "Replay",
                "SystemdSupport", "BridgeConfiguration", log, lifecycle, signals,
            ] + nio,
            swiftSettings: strict
        ),

        // The other end of every provider protocol. Knows nothing of the daemon.
        .target(
            name: "ProviderSimulator",
            dependencies: [log, httpTypes, .product(name: "Crypto", package: "swift-crypto")] + nio,
            swiftSettings: strict
        ),

        // The other end of the API.
        .target(
            name: "BridgeClient",
            dependencies: ["CallModel", "HostSupport"] + nio,
            swiftSettings: strict
        ),

        // The programs.
        .executableTarget(
            name: "ctibridged",
            dependencies: ["BridgeDaemon", "CallModel", "HostSupport", "SystemdSupport", arguments, log],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "ctibridge",
            dependencies: ["CallModel", "BridgeClient", "Replay", arguments],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "ctibridge-sim",
            dependencies: ["ProviderSimulator", "CallModel", arguments, log],
            swiftSettings: strict
        ),

        // C.
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CExpat", pkgConfig: "expat", providers: [.apt(["libexpat1-dev"])]),
        .systemLibrary(name: "CSystemd", pkgConfig: "libsystemd", providers: [.apt(["libsystemd-dev"])]),
        .target(name: "CShims", dependencies: ["CCurl"]),

        // Tests mirror Sources. Every line any of them sees is held against the published schema.
        .target(name: "StreamSchema", path: "Tests/Support/StreamSchema", swiftSettings: strict),
        .target(name: "ScratchDirectory", path: "Tests/Support/ScratchDirectory", swiftSettings: strict),
        .target(
            name: "LogCapture",
            dependencies: [log],
            path: "Tests/Support/LogCapture",
            swiftSettings: strict
        ),
        .target(
            name: "SiteSimulation",
            dependencies: ["CallModel", "Providers"],
            path: "Tests/Support/SiteSimulation",
            swiftSettings: strictAndFast
        ),
        .testTarget(name: "SiteSimulationTests", dependencies: ["SiteSimulation"], swiftSettings: strict),
        .testTarget(name: "CallModelTests", dependencies: ["CallModel", "StreamSchema"], swiftSettings: strict),
        .testTarget(
            name: "ProvidersTests",
            dependencies: ["Providers", "Replay", "StreamSchema", "CallModel"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ReplayTests",
            dependencies: ["Replay", "Providers", "CallModel"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "CurlTransportTests",
            dependencies: ["CurlTransport", "CallModel", "HostSupport"] + nio,
            swiftSettings: strict
        ),
        .testTarget(
            name: "IntakeTests",
            dependencies: [
                "Intake", "LogCapture", "ScratchDirectory", "CallModel", "Providers", "CurlTransport", "HostSupport",
                log,
                lifecycle,
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ] + nio,
            swiftSettings: strict
        ),
        .testTarget(
            name: "EventJournalTests",
            dependencies: [
                "EventJournal", "ScratchDirectory", "CallModel", .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "FanoutTests",
            dependencies: ["Fanout", "LogCapture", "ScratchDirectory", "StreamSchema", "CallModel", "HostSupport"]
                + nio,
            swiftSettings: strict
        ),
        .testTarget(
            name: "ControlAPITests",
            dependencies: [
                "ControlAPI", "ScratchDirectory", "StreamSchema", "CallModel", "EventJournal", "Fanout", "HostSupport",
                "Intake", "Replay",
            ] + nio,
            swiftSettings: strict
        ),
        .testTarget(name: "SystemdSupportTests", dependencies: ["SystemdSupport", log], swiftSettings: strict),
        .testTarget(
            name: "BridgeConfigurationTests",
            dependencies: ["BridgeConfiguration", "ScratchDirectory", "CallModel", "Providers"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "BridgeDaemonTests",
            dependencies: [
                "BridgeDaemon", "StreamSchema", "LogCapture", "ScratchDirectory", "CallModel", "Providers",
                "EventJournal", "Fanout", "Intake",
                "BridgeConfiguration", "ControlAPI", "CurlTransport", "HostSupport", "Replay", "SystemdSupport", log,
                lifecycle, signals, .product(name: "GRDB", package: "GRDB.swift"),
            ] + nio,
            swiftSettings: strict
        ),
        .testTarget(name: "ProviderSimulatorTests", dependencies: ["ProviderSimulator"] + nio, swiftSettings: strict),
        .testTarget(
            name: "BridgeClientTests",
            dependencies: ["BridgeClient", "ScratchDirectory", "StreamSchema", "CallModel"] + nio,
            swiftSettings: strict
        ),
        .testTarget(
            name: "IntegrationTests",
            dependencies: [
                "CallModel", "ScratchDirectory", "StreamSchema", "ctibridged", "ctibridge", "ctibridge-sim",
                .product(name: "GRDB", package: "GRDB.swift"),
            ] + nio,
            swiftSettings: strict
        ),
    ],
    swiftLanguageModes: [.v6]
)

// The bench starts the real programs and measures them from outside. A plain build never sees it.
if Context.environment["CTIBRIDGE_BENCH"] != nil {
    package.products.append(.executable(name: "ctibridge-bench", targets: ["ctibridge-bench"]))
    package.targets.append(
        .executableTarget(name: "ctibridge-bench", path: "Benchmarks/ctibridge-bench", swiftSettings: strict)
    )
}
