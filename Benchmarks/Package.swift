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

/// The product's modules are links into its sources: what is measured is what runs, and modules of
/// another package could not be seen (they are `package`).
let package = Package(
    name: "benchmarks",
    dependencies: [
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
        .package(url: "https://github.com/vapor/jwt-kit.git", exact: "5.7.1"),
    ],
    targets: [
        .systemLibrary(
            name: "CLibcrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(
            name: "CArgon2", pkgConfig: "libargon2", providers: [.apt(["libargon2-dev"])]),
        .systemLibrary(name: "CWideBytes"),
        .systemLibrary(name: "CUnistring", providers: [.apt(["libunistring-dev"])]),
        module("BoundedThreads"),
        module("TextFolding", ["CUnistring"]),
        module("Cryptography", ["CArgon2", "CLibcrypto"]),
        module("StrictJSON", ["CWideBytes"]),
        module("StrictYAML", [.product(name: "Yams", package: "Yams")]),
        .target(
            name: "TokenVerification", dependencies: ["Cryptography", "StrictJSON"],
            // `token-judge` compares the signature layer too, which is no `package` interface.
            swiftSettings: settings + [.unsafeFlags(["-enable-testing"])]),
        module("AccessPolicy", ["StrictJSON", "StrictYAML"]),
        module(
            "TokenIssuing",
            ["BoundedThreads", "Cryptography", "StrictJSON", "TextFolding", "TokenVerification"]),
        module("Admission", ["AccessPolicy", "Cryptography", "TokenVerification"]),

        .target(name: "MeasuringInC"),
        .target(name: "LibcryptoBaseline", dependencies: ["CLibcrypto"]),
        .executableTarget(
            name: "token-benchmark",
            dependencies: [
                "AccessPolicy", "Admission", "MeasuringInC", "Cryptography",
                "LibcryptoBaseline", "StrictJSON", "TokenVerification",
                .product(name: "JWTKit", package: "jwt-kit"),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "policy-benchmark", dependencies: ["AccessPolicy", "MeasuringInC", "StrictJSON"],
            swiftSettings: settings),
        .executableTarget(
            name: "assertion-benchmark",
            dependencies: [
                "AccessPolicy", "Admission", "Cryptography", "StrictJSON", "TokenIssuing",
                "TokenVerification",
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "token-judge",
            dependencies: [
                "Cryptography", "StrictJSON", "TokenVerification",
                .product(name: "JWTKit", package: "jwt-kit"),
            ],
            swiftSettings: settings),
        .executableTarget(name: "key-flood", swiftSettings: settings),
    ]
)
