// swift-tools-version: 6.2
import PackageDescription

/// The same rules as the product's.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// The product's modules are links into its sources. `run.sh` builds this package with libFuzzer.
let package = Package(
    name: "fuzz",
    dependencies: [.package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2")],
    targets: [
        .systemLibrary(
            name: "CLibcrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(
            name: "CArgon2", pkgConfig: "libargon2", providers: [.apt(["libargon2-dev"])]),
        .systemLibrary(name: "CLibFuzzer"),
        .systemLibrary(name: "CWideBytes"),
        module("Cryptography", ["CArgon2", "CLibcrypto"]),
        module("StrictJSON", ["CWideBytes"]),
        module("TokenVerification", ["Cryptography", "StrictJSON"]),
        module("StrictYAML", [.product(name: "Yams", package: "Yams")]),
        module("AccessPolicy", ["StrictJSON", "StrictYAML"]),
        module("Admission", ["AccessPolicy", "Cryptography", "TokenVerification"]),
        // What of the data plane knows no swift-nio.
        .target(
            name: "ReverseProxy", dependencies: ["AccessPolicy", "Admission"],
            sources: ["Codec", "Hygiene"], swiftSettings: settings),
        module(
            "FuzzTargets",
            [
                "AccessPolicy", "Admission", "Cryptography", "ReverseProxy", "StrictJSON",
                "TokenVerification",
            ]),
        .executableTarget(
            name: "fuzz", dependencies: ["CLibFuzzer", "FuzzTargets", "StrictJSON"],
            swiftSettings: settings),
    ]
)
