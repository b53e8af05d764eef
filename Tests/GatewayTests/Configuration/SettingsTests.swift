import Gateway
import StrictYAML
import TestSupport
import Testing
import TokenIssuing

/// Every setting by file, environment and `--set`, driven by the table that the product itself uses.
@Suite("Settings")
struct SettingsTests {
    @Test("every setting has a row in this test's table")
    func complete() {
        #expect(Set(Self.readings.keys) == Set(Settings.all.map { $0.path.dotted() }))
    }

    @Test(
        "each setting can be set by file, environment and --set, to the same effect",
        arguments: Settings.all.filter { !$0.isFileOnly }.map { $0.path.dotted() })
    func channels(path: String) throws {
        let folder = try TemporaryFolder()
        let setting = try #require(Settings.all.first { $0.path.dotted() == path })
        let reading = try #require(Self.readings[path])
        let needed = reading.needed.compactMap { SettingFlag(assignment: $0) }
        let base = try load(folder, file: nil, path: path, flags: needed)
        let byFile = try load(folder, file: setting, path: path, flags: needed)
        let byVariable = try load(
            folder, file: nil, path: path, flags: needed,
            environment: [setting.path.environmentName("app"): setting.example])
        let flag = try #require(
            SettingFlag(assignment: "\(setting.path.dotted("app"))=\(setting.example)"))
        let byFlag = try load(folder, file: nil, path: path, flags: needed + [flag])

        #expect(reading.read(base) == reading.standard)
        #expect(reading.read(byFile).hasSuffix(reading.expected))
        #expect(reading.read(byVariable) == reading.expected)
        #expect(reading.read(byFlag) == reading.expected)
    }

    @Test(
        "flags win over the environment, the environment over the file, the file over the default",
        arguments: [(nil, nil, 65_536), (nil, "3KiB", 3072), ("4KiB", "3KiB", 4096)]
            as [(String?, String?, Int)])
    func precedence(flag: String?, variable: String?, expected: Int) throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            "ostiary.yaml",
            "version: 1\nlimits: {target: 1KiB}\nupstreams: {app: {url: http://h:1}}\n")
        let flags = flag.flatMap { SettingFlag(assignment: "limits.head=\($0)") }.map { [$0] } ?? []
        let configuration = try loadConfiguration(
            file: file, flags: flags,
            environment: variable.map { ["OSTIARY_LIMITS_HEAD": $0, "HOME": "/h"] } ?? [
                "HOME": "/h"
            ])
        #expect(configuration.limits.head == expected)
        #expect(configuration.limits.target == 1024)
    }

    @Test("no variable of a setting is one that is ignored")
    func noForeignVariable() throws {
        for setting in Settings.all where !setting.isFileOnly {
            let name = setting.path.environmentName("app")
            #expect(throws: Diagnostics.self, "\(name)") {
                try loadConfiguration(
                    file: nil, flags: [], environment: [name: "\u{1}", "HOME": "/h"])
            }
        }
    }

    /// How a setting is seen in a configuration; `expected` is the reading of its example.
    private struct Reading: Sendable {
        let standard: String
        let expected: String
        /// Other settings without which this one is none.
        let needed: [String]
        let read: @Sendable (GatewayConfiguration) -> String

        init(
            _ standard: String, _ expected: String, needed: [String] = [],
            _ read: @escaping @Sendable (GatewayConfiguration) -> String
        ) {
            self.standard = standard
            self.expected = expected
            self.needed = needed
            self.read = read
        }
    }

    private static let discovery = "issuers.app.discovery=true"

    private static let readings: [String: Reading] = [
        "version": Reading("", "") { _ in "" },
        "listener_mode": Reading("0660", "0600") { "\($0.listenerMode)" },
        "listeners": Reading("[127.0.0.1:8080]", "[127.0.0.1:9090]") { "\($0.listeners)" },
        "public_url": Reading("http://127.0.0.1:8080", "https://app.example.com") {
            "\($0.publicURL)"
        },
        "upstreams.<name>.url": Reading("http://127.0.0.1:8050", "http://app.internal:8050") {
            "\($0.upstream.endpoint)"
        },
        "policy": Reading("", "policy.yaml") { $0.trust.policy?.path ?? "" },
        "data": Reading("/home/someone/.local/share/ostiary", "state") { $0.trust.dataFolder.path },
        "issuers.<name>.keys": Reading("", "keys.json") {
            $0.trust.issuers.flatMap(\.files).map(\.path).joined()
        },
        "issuers.<name>.jwks_url": Reading("", "https://id.example.com/jwks.json") {
            $0.remoteKeys?.url?.description ?? ""
        },
        "issuers.<name>.discovery": Reading("false", "true") { "\($0.remoteKeys != nil)" },
        "issuers.<name>.jwks": Reading("", #"{"keys":[]}"#) { $0.inlineKeys },
        "issuers.<name>.secrets": Reading("", "secret.key") { $0.secretFiles.joined() },
        "issuers.<name>.ca": Reading("", "ca.pem", needed: [discovery]) {
            $0.remoteKeys?.certificates?.path ?? ""
        },
        "issuers.<name>.proxy": Reading("", "http://proxy.internal:3128", needed: [discovery]) {
            $0.remoteKeys?.proxy ?? ""
        },
        "issuers.<name>.allow_private_addresses": Reading("false", "true", needed: [discovery]) {
            "\($0.remoteKeys?.allowsPrivateAddresses == true)"
        },
        "issuers.<name>.allow_http": Reading("false", "true", needed: [discovery]) {
            "\($0.remoteKeys?.allowsHTTP == true)"
        },
        "issuers.<name>.refresh": Reading("300.0 seconds", "600.0 seconds", needed: [discovery]) {
            "\($0.remoteKeys?.refresh ?? .zero)"
        },
        "issuers.<name>.stale_if_error": Reading(
            "21600.0 seconds", "3600.0 seconds", needed: [discovery]
        ) { "\($0.remoteKeys?.staleIfError ?? .zero)" },
        "issuers.<name>.cooldown": Reading("30.0 seconds", "60.0 seconds", needed: [discovery]) {
            "\($0.remoteKeys?.cooldown ?? .zero)"
        },
        "issuers.<name>.timeout": Reading("2.0 seconds", "5.0 seconds", needed: [discovery]) {
            "\($0.remoteKeys?.timeout ?? .zero)"
        },
        "issuers.<name>.denied_keys": Reading("", "2024-06") {
            $0.trust.issuers.flatMap(\.deniedKeys).joined()
        },
        "admin.listener": Reading("nil", "127.0.0.1:9091") {
            $0.adminListener.map { "\($0)" } ?? "nil"
        },
        "trusted_peers": Reading("[]", "[10.0.0.0/8]") { "\($0.trustedPeers)" },
        "threads": Reading("nil", "2") { $0.threads.map { "\($0)" } ?? "nil" },
        "limits.head": Reading("65536", "32768") { "\($0.limits.head)" },
        "limits.header_count": Reading("200", "100") { "\($0.limits.headerCount)" },
        "limits.target": Reading("16384", "8192") { "\($0.limits.target)" },
        "limits.body": Reading("33554432", "1048576") { "\($0.limits.body)" },
        "limits.body_rate": Reading("256", "1024") { "\($0.limits.bodyRate)" },
        "limits.connections_per_address": Reading("2000", "50") {
            "\($0.limits.connectionsPerAddress)"
        },
        "limits.upstream_requests": Reading("4096", "40") { "\($0.limits.upstreamRequests)" },
        "limits.upstream_waiting": Reading("256", "10") { "\($0.limits.upstreamWaiting)" },
        "timeouts.upstream_lifetime": Reading("600.0 seconds", "60.0 seconds") {
            "\($0.timeouts.upstreamLifetime)"
        },
        "timeouts.upstream_wait": Reading("1.0 seconds", "3.0 seconds") {
            "\($0.timeouts.upstreamWait)"
        },
        "limits.connections": Reading("10000", "500") { "\($0.limits.connections)" },
        "timeouts.request_head": Reading("10.0 seconds", "5.0 seconds") {
            "\($0.timeouts.requestHead)"
        },
        "timeouts.idle": Reading("75.0 seconds", "30.0 seconds") { "\($0.timeouts.idle)" },
        "timeouts.connect": Reading("2.0 seconds", "1.0 seconds") { "\($0.timeouts.connect)" },
        "timeouts.response_head": Reading("60.0 seconds", "90.0 seconds") {
            "\($0.timeouts.responseHead)"
        },
        "timeouts.stream_idle": Reading("900.0 seconds", "600.0 seconds") {
            "\($0.timeouts.streamIdle)"
        },
        "timeouts.upstream_idle": Reading("60.0 seconds", "20.0 seconds") {
            "\($0.timeouts.upstreamIdle)"
        },
        "timeouts.shutdown": Reading("10.0 seconds", "3.0 seconds") { "\($0.timeouts.shutdown)" },
        "websocket.ping_interval": Reading("30.0 seconds", "20.0 seconds") {
            "\($0.webSocket.pingInterval)"
        },
        "websocket.idle": Reading("3600.0 seconds", "600.0 seconds") { "\($0.webSocket.idle)" },
        "websocket.max_age": Reading("86400.0 seconds", "43200.0 seconds") {
            "\($0.webSocket.maxAge)"
        },
        "registration.mode": Reading("closed", "open") { $0.trust.accounts.registration.rawValue },
        "registration.default_roles": Reading("[]", "[\"viewer\"]") {
            "\($0.trust.accounts.defaultRoles)"
        },
        "passwords.min_length": Reading("15", "20") {
            "\($0.trust.accounts.minimumPasswordLength)"
        },
        "sessions.access_token": Reading("300", "600") { "\($0.trust.accounts.accessLifetime)" },
        "sessions.idle": Reading("604800", "86400") { "\($0.trust.accounts.sessionIdle)" },
        "sessions.lifetime": Reading("2592000", "5184000") {
            "\($0.trust.accounts.sessionLifetime)"
        },
        "sessions.token_claims": Reading("[]", "[\"preferred_username\"]") {
            "\($0.trust.accounts.tokenClaims.map(\.rawValue))"
        },
        "assertion.keys": Reading("", "assertion.pem") {
            $0.trust.assertion.keys.map(\.path).joined()
        },
        "assertion.rotation": Reading("2592000", "604800") { "\($0.trust.assertion.rotation)" },
        "log.level": Reading("info", "debug") { $0.log.level.rawValue },
        "log.format": Reading("text", "json") { $0.log.format.rawValue },
        "log.access": Reading("true", "false") { "\($0.log.access)" },
    ]

    private func load(
        _ folder: TemporaryFolder, file setting: SettingDescription?, path: String,
        flags: [SettingFlag] = [], environment: [String: String] = [:]
    ) throws -> GatewayConfiguration {
        var text = "version: 1\n"
        if let setting {
            let parts = setting.path.dotted("app").split(separator: ".")
            for (depth, part) in parts.enumerated() {
                text += String(repeating: "  ", count: depth) + "\(part):"
                text += depth == parts.count - 1 ? " " : "\n"
            }
            text += setting.isList ? "['\(setting.example)']\n" : "\(quoted(setting.example))\n"
        }
        if !(setting?.path.dotted().hasPrefix("upstreams") ?? false) {
            text += "upstreams: {app: {url: http://127.0.0.1:8050}}\n"
        }
        let file = try folder.write("ostiary.yaml", text)
        return try loadConfiguration(
            file: file, flags: flags,
            environment: environment.merging(["HOME": "/home/someone"]) { $1 })
    }

    /// What would be a mapping without quotes.
    private func quoted(_ text: String) -> String { text.hasPrefix("{") ? "'\(text)'" : text }
}

extension GatewayConfiguration {
    fileprivate var sources: [IssuerKeys.Source] { trust.issuers.compactMap(\.source) }

    fileprivate var remoteKeys: RemoteKeys? {
        sources.compactMap { if case .remote(let keys) = $0 { keys } else { nil } }.first
    }

    fileprivate var inlineKeys: String {
        sources.compactMap { if case .inline(let text, _) = $0 { text } else { nil } }.joined()
    }

    fileprivate var secretFiles: [String] {
        sources.flatMap { source -> [String] in
            if case .secrets(let files) = source { return files.map(\.path) }
            return []
        }
    }
}
