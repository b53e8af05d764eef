import KeyDiscovery
import Outbound

/// What a command line allows in fetching keys.
package struct NetworkOptions: Sendable, Equatable {
    /// A file of certificates to trust in place of the system's.
    package var certificates: String?
    package var allowsPrivateAddresses = false
    package var allowsHTTP = false

    package init() {}

    /// Checks a URL that keys are to be fetched from; `option` is how messages call it.
    package func check(_ text: String, _ option: String) throws(CommandFailure) {
        let url: KeySetURL
        do throws(SettingProblem) {
            url = try KeySetURL(setting: text)
        } catch {
            let suggestion = error.suggestion.map { "; \($0)" } ?? ""
            throw CommandFailure("\(option) \(error.message)\(suggestion)", status: .usage)
        }
        guard url.isSecure || allowsHTTP else {
            throw CommandFailure(
                "\(option) must begin with `https://`: whoever is on the way of `http:` can replace "
                    + "the keys; use `https://`, or allow it with --allow-http", status: .usage)
        }
        if let place = url.refusedPlace, !allowsPrivateAddresses {
            throw CommandFailure(
                "\(option) is at \(place), from where keys are not fetched; "
                    + "if you mean it, pass --allow-private-addresses", status: .usage)
        }
    }

    func source(keySetURL url: String) -> KeySource {
        KeySource(issuerName: Self.issuerName, location: .keySet(fetch(url)))
    }

    func source(issuer: String) -> KeySource {
        KeySource(
            issuerName: Self.issuerName,
            location: .discovery(
                issuer: issuer, template: fetch(KeySource.metadataURL(of: issuer))))
    }

    private func fetch(_ url: String) -> HTTPFetch {
        // A person waits, and a fetch that is slow but works is an answer, too.
        HTTPFetch(
            url: url, allowsHTTP: allowsHTTP, allowsPrivateAddresses: allowsPrivateAddresses,
            certificateFile: certificates, timeout: .seconds(10))
    }

    /// What an issuer of the command line is called where a policy would have a name for it.
    static let issuerName = "unjudged"
}
