// swift-tools-version: 6.2
import PackageDescription

/// One set of rules for every target of our own.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

let package = Package(
    name: "ostiary",
    products: [
        .executable(name: "ostiary", targets: ["ostiary"]),
        .executable(name: "sample-app", targets: ["sample-app"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
        .package(
            url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.8.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0", traits: []),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        // Without its traits: they bring all of Foundation and a configuration library.
        .package(
            url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1",
            traits: []),
    ],
    // A module imports lower floors only; `make check-floors` compares this list with
    // docs/architecture.md and with the sources.
    targets: [
        // Floor 0: C, module maps and headers only.
        .systemLibrary(
            name: "CLibcrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(
            name: "CArgon2", pkgConfig: "libargon2", providers: [.apt(["libargon2-dev"])]),
        .systemLibrary(name: "CUnistring", providers: [.apt(["libunistring-dev"])]),
        .systemLibrary(
            name: "CLibcurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CWideBytes"),

        // Floor 1: bytes and threads.
        module("BoundedThreads"),
        module("Cryptography", ["CArgon2", "CLibcrypto"]),
        module("StrictJSON", ["CWideBytes"]),
        module("StrictYAML", [.product(name: "Yams", package: "Yams")]),
        module("TextFolding", ["CUnistring"]),

        // Floor 2: tokens, and documents of other servers.
        module("Outbound", ["BoundedThreads", "CLibcurl"]),
        module("TokenVerification", ["Cryptography", "StrictJSON"]),

        // Floor 3: rules, issuing, and keys of others.
        module("AccessPolicy", ["StrictJSON", "StrictYAML"]),
        module(
            "TokenIssuing",
            ["BoundedThreads", "Cryptography", "StrictJSON", "TextFolding", "TokenVerification"]),
        module("KeyDiscovery", ["Outbound", "StrictJSON", "TokenVerification"]),

        // Floor 4: the decision.
        module("PolicyTools", ["AccessPolicy", "StrictJSON", "StrictYAML"]),
        module("Admission", ["AccessPolicy", "Cryptography", "TokenVerification"]),
        module(
            "AccountStorage",
            [
                "Cryptography", "TokenIssuing", "TokenVerification",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ]),

        // Floor 5: the data plane.
        module(
            "ReverseProxy",
            [
                "AccessPolicy", "Admission", "Cryptography", "TokenVerification", nioCore, nioPosix,
            ]),

        // Floor 6: the gateway's own endpoints.
        module(
            "Endpoints",
            [
                "AccessPolicy", "Admission", "Cryptography", "ReverseProxy", "StrictJSON",
                "TokenIssuing", "TokenVerification", nioCore,
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
            ]),

        // Floor 7: configuration to running services.
        module(
            "Gateway",
            [
                "AccessPolicy", "AccountStorage", "Admission", "Cryptography", "Endpoints",
                "KeyDiscovery", "Outbound", "PolicyTools", "ReverseProxy", "StrictJSON",
                "StrictYAML",
                "TokenIssuing", "TokenVerification", nioCore, nioPosix,
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]),

        // Floor 8: the command line.
        .executableTarget(
            name: "ostiary",
            dependencies: [
                "Gateway", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),

        // The app that the demo and the end-to-end tests protect.
        .executableTarget(
            name: "sample-app", dependencies: [nioCore, nioPosix, nioHTTP1],
            path: "examples/sample-app",
            exclude: ["README.md", "policy.yaml", "ostiary.yaml", "Data/README.md"],
            resources: [
                .embedInCode("Data/seattle-weather.csv"),
                .embedInCode("Assets/dashboard.css"),
                .embedInCode("Assets/dashboard.js"),
                .embedInCode("Assets/favicon.svg"),
            ],
            swiftSettings: settings),

        tests("CryptographyTests", ["Cryptography"]),
        tests(
            "AccountStorageTests",
            [
                "AccountStorage", "Cryptography", "TestSupport", "TextFolding", "TokenIssuing",
                "TokenVerification", .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        tests("BoundedThreadsTests", ["BoundedThreads", "TestSupport"]),
        tests("OutboundTests", ["Cryptography", "Outbound", "TestSupport"]),
        tests(
            "KeyDiscoveryTests",
            ["Cryptography", "KeyDiscovery", "Outbound", "TestSupport", "TokenVerification"]),
        tests("TextFoldingTests", ["TextFolding"]),
        tests("StrictJSONTests", ["StrictJSON", "TestSupport"]),
        tests("StrictYAMLTests", ["StrictYAML"]),
        tests(
            "TokenVerificationTests",
            ["Cryptography", "StrictJSON", "TokenIssuing", "TokenVerification"]),
        tests(
            "PolicyToolsTests",
            ["AccessPolicy", "PolicyTools", "StrictJSON", "StrictYAML", "TestSupport"]),
        tests("AccessPolicyTests", ["AccessPolicy", "StrictJSON", "StrictYAML", "TestSupport"]),
        tests(
            "AdmissionTests",
            [
                "AccessPolicy", "Admission", "Cryptography", "StrictJSON", "TestSupport",
                "TokenVerification",
            ]),
        tests(
            "ReverseProxyTests",
            [
                "AccessPolicy", "Admission", "Cryptography", "FuzzTargets", "ReverseProxy",
                "StrictJSON", "TestSupport", "TokenVerification", nioCore, nioEmbedded, nioHTTP1,
                nioPosix,
            ]),
        tests(
            "TokenIssuingTests",
            [
                "AccountStorage", "Cryptography", "StrictJSON", "TestSupport", "TokenIssuing",
                "TokenVerification",
            ]),
        tests(
            "EndpointsTests",
            [
                "AccessPolicy", "AccountStorage", "Admission", "Cryptography", "Endpoints",
                "ReverseProxy", "StrictJSON", "TestSupport", "TokenIssuing", "TokenVerification",
            ]),
        tests(
            "GatewayTests",
            [
                "AccountStorage", "Cryptography", "Gateway", "KeyDiscovery", "Outbound",
                "StrictJSON", "StrictYAML", "TestSupport", "TokenIssuing", "TokenVerification",
                "ostiary",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle"),
            ]),
        tests("SampleAppTests", ["sample-app", nioCore, nioPosix]),

        // What the fuzzer calls (Fuzz/), and the replay of what it found.
        .target(
            name: "FuzzTargets",
            dependencies: [
                "AccessPolicy", "Admission", "Cryptography", "ReverseProxy", "StrictJSON",
                "TokenVerification",
            ],
            path: "Tests/FuzzTargets", swiftSettings: settings),
        tests("FuzzReplayTests", ["FuzzTargets"]),

        // Processes, sockets and tokens for the tests that run the built programs.
        .target(
            name: "TestSupport", dependencies: ["Cryptography"], path: "Tests/TestSupport",
            exclude: ["KeyServer/key-server.py"], swiftSettings: settings),
        tests(
            "EndToEndTests",
            ["AccessPolicy", "Cryptography", "TestSupport", "ostiary", "sample-app"]),
    ]
)
