import KeyDiscovery
import Outbound
import StrictYAML
import TokenVerification

extension KeySource {
    /// The source of an issuer whose keys are fetched; nil when something went to the sink.
    init?(
        _ remote: RemoteKeys, _ rules: IssuerRules, _ policy: LoadedPolicy, _ sink: DiagnosticSink
    ) {
        let before = sink.count
        if let file = remote.certificates { Self.check(certificates: file, sink) }
        if remote.url == nil {
            Self.checkIsDiscoverable(rules, remote, policy, sink)
        }
        guard sink.count == before else { return nil }
        let fetch = HTTPFetch(
            url: remote.url?.description ?? Self.metadataURL(of: rules.issuer),
            allowsHTTP: remote.allowsHTTP, allowsPrivateAddresses: remote.allowsPrivateAddresses,
            certificateFile: remote.certificates?.path, proxy: remote.proxy,
            timeout: remote.timeout)
        self.init(
            issuerName: rules.name,
            location: remote.url == nil
                ? .discovery(issuer: rules.issuer, template: fetch) : .keySet(fetch),
            refreshInterval: remote.refresh, staleIfError: remote.staleIfError,
            cooldown: remote.cooldown, rules: rules)
    }

    /// OpenID Connect Discovery 1.0 § 4: behind the issuer without its final slash.
    static func metadataURL(of issuer: String) -> String {
        (issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer)
            + "/.well-known/openid-configuration"
    }

    private static func checkIsDiscoverable(
        _ rules: IssuerRules, _ remote: RemoteKeys, _ policy: LoadedPolicy, _ sink: DiagnosticSink
    ) {
        func report(_ message: String, _ suggestion: String) {
            sink.report(
                remote.place.origin.diagnostic(
                    "not_discoverable", remote.place.setting, message, suggestion: suggestion))
        }
        let subject =
            "looks for the keys below the issuer's URL, and the policy \(policy.name) calls it "
            + "`\(rules.issuer)`"
        let otherwise = "set `issuers.\(rules.name).jwks_url` in its place"
        guard let url = try? KeySetURL(setting: rules.issuer), !rules.issuer.contains("?") else {
            report("\(subject), which is no URL to look below", otherwise)
            return
        }
        if !url.isSecure, !remote.allowsHTTP {
            report(
                "\(subject), which is not `https:`",
                "\(otherwise), or allow it with `issuers.\(rules.name).allow_http: true`")
        }
        if let place = url.refusedPlace, !remote.allowsPrivateAddresses {
            report(
                "\(subject), which is at \(place), from where keys are not fetched",
                "if you mean it, set `issuers.\(rules.name).allow_private_addresses: true`")
        }
    }

    private static func check(certificates file: ConfiguredFile, _ sink: DiagnosticSink) {
        do throws(FileProblem) {
            let bytes = try FileContents.read(file.path, limit: 4 << 20)
            let begin = Array("-----BEGIN CERTIFICATE-----".utf8)
            guard
                bytes.split(separator: UInt8(ascii: "\n")).contains(where: {
                    $0.starts(with: begin)
                })
            else { throw FileProblem("it holds no certificate in PEM") }
        } catch {
            sink.report(
                file.origin.diagnostic(
                    "unusable_file", file.setting,
                    "names a file that cannot be used: `\(file.path)`: \(error)"))
        }
    }
}
