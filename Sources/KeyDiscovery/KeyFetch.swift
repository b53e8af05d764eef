package import Outbound
import StrictJSON
package import TokenVerification

/// What a fetch of keys found.
package struct FetchedKeys: Sendable {
    /// Never empty.
    package let keys: KeySet
    /// Where the set was: as configured, or as the issuer's metadata says.
    package let url: String
    /// The set as it came.
    package let document: [UInt8]
}

/// Gets the keys of an issuer from another server, once.
package enum KeyFetch {
    /// Fetches the key set at a URL.
    /// - Throws: `KeyFetchError`, also for a set in which no key can verify tokens.
    package static func keySet(
        at fetch: HTTPFetch, _ fetcher: any HTTPFetching
    ) async throws(KeyFetchError) -> FetchedKeys {
        let document = try await Self.document(fetch, fetcher)
        let keys: KeySet
        do throws(KeySetError) {
            keys = try KeySet(jwks: document.span)
        } catch {
            throw KeyFetchError(error)
        }
        guard !keys.isEmpty else {
            let reason = keys.skipped.first.map { ": key \($0.index + 1): \($0.reason)" } ?? ""
            throw KeyFetchError("the set holds no key that can verify tokens\(reason)")
        }
        return FetchedKeys(keys: keys, url: fetch.url, document: document)
    }

    /// Fetches the issuer's metadata at `template.url`, and the key set that it names under the same
    /// conditions.
    ///
    /// The metadata must call the issuer what we call it, byte for byte (OpenID Connect Discovery 1.0
    /// § 4.3): whoever serves the metadata of another issuer must not serve keys for this one.
    package static func discover(
        issuer: String, _ template: HTTPFetch, _ fetcher: any HTTPFetching
    ) async throws(KeyFetchError) -> FetchedKeys {
        let document = try await Self.document(template, fetcher)
        let metadata: JSONValue
        do throws(JSONError) {
            metadata = try JSONReader.read(document.span, limits: .metadata)
        } catch {
            throw KeyFetchError("the issuer's metadata is not strict JSON: \(error)")
        }
        guard let name = metadata["issuer"]?.string, name.hasSameBytes(as: issuer) else {
            throw KeyFetchError(
                "the metadata is not that of `\(issuer)`: its `issuer` is another, if only by a slash "
                    + "or a letter's case")
        }
        guard let url = metadata["jwks_uri"]?.string else {
            throw KeyFetchError("the issuer's metadata has no `jwks_uri`")
        }
        var fetch = template
        fetch.url = url
        return try await keySet(at: fetch, fetcher)
    }

    private static func document(
        _ fetch: HTTPFetch, _ fetcher: any HTTPFetching
    ) async throws(KeyFetchError) -> [UInt8] {
        do throws(FetchError) {
            return try await fetcher.fetch(fetch)
        } catch {
            throw KeyFetchError(error)
        }
    }
}

extension JSONLimits {
    /// Metadata has many members, and lists of every name that an issuer supports.
    fileprivate static let metadata = JSONLimits(bytes: 512 * 1024, members: 512, elements: 1024)
}
