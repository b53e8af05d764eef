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
        try await keySet(at: fetch, place: "", fetcher)
    }

    /// `place` says in messages where the URL was written.
    private static func keySet(
        at fetch: HTTPFetch, place: String, _ fetcher: any HTTPFetching
    ) async throws(KeyFetchError) -> FetchedKeys {
        let document = try await Self.document(fetch, place: place, fetcher)
        let url = fetch.shownURL
        let keys: KeySet
        do throws(KeySetError) {
            keys = try KeySet(jwks: document.span)
        } catch {
            if error.reason == .malformed {
                try refuse(document, from: url, expected: "a key set")
                if let metadata = try? JSONReader.read(document.span, limits: .metadata),
                    metadata["jwks_uri"] != nil
                {
                    throw KeyFetchError(
                        "`\(url)` answered with an issuer's metadata, not with a key set; use "
                            + "`discovery`, or the URL that it names as `jwks_uri`")
                }
            }
            throw KeyFetchError("`\(url)`: \(error)")
        }
        guard !keys.isEmpty else {
            let reason = keys.skipped.first.map { ": key \($0.index + 1): \($0.reason)" } ?? ""
            throw KeyFetchError("`\(url)`: the set holds no key that can verify tokens\(reason)")
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
        let document = try await Self.document(template, place: "", fetcher)
        let source = template.shownURL
        let metadata: JSONValue
        do throws(JSONError) {
            metadata = try JSONReader.read(document.span, limits: .metadata)
        } catch {
            try refuse(document, from: source, expected: "the issuer's metadata")
            throw KeyFetchError("`\(source)`: the issuer's metadata is not strict JSON: \(error)")
        }
        try checkName(metadata["issuer"], issuer, source)
        guard let url = metadata["jwks_uri"]?.string else {
            throw KeyFetchError("the issuer's metadata at `\(source)` has no `jwks_uri`")
        }
        var fetch = template
        fetch.url = url
        guard template.allowsHTTP || !url.lowercased().hasPrefix("http://") else {
            throw KeyFetchError(
                "the issuer's metadata at `\(source)` names `\(fetch.shownURL)` as `jwks_uri`, and "
                    + "whoever is on the way of `http:` can replace the keys; let the issuer name an "
                    + "`https:` URL, or allow it (`allow_http`)")
        }
        return try await keySet(at: fetch, place: "`jwks_uri` at `\(source)`: ", fetcher)
    }

    private static func checkName(
        _ value: JSONValue?, _ expected: String, _ source: String
    ) throws(KeyFetchError) {
        let name = value?.string
        guard name?.hasSameBytes(as: expected) != true else { return }
        let found = name.map { "`\(ForeignText.shown($0, atMost: 200))`" } ?? "missing"
        let isSimilar = name.map { plain($0) == plain(expected) } ?? false
        throw KeyFetchError(
            "the metadata at `\(source)` is not that of `\(expected)`: its `issuer` is \(found)"
                + (isSimilar ? ", and a slash at the end and the case count" : ""))
    }

    private static func plain(_ name: String) -> String {
        let lower = name.lowercased()
        return lower.hasSuffix("/") ? String(lower.dropLast()) : lower
    }

    /// Throws for an answer of which can be told that it is no JSON at all.
    private static func refuse(
        _ document: [UInt8], from url: String, expected: String
    ) throws(KeyFetchError) {
        guard let found = UnexpectedAnswer.description(of: document) else { return }
        throw KeyFetchError("`\(url)` answered \(found.what), not \(expected); \(found.hint)")
    }

    private static func document(
        _ fetch: HTTPFetch, place: String, _ fetcher: any HTTPFetching
    ) async throws(KeyFetchError) -> [UInt8] {
        do throws(FetchError) {
            return try await fetcher.fetch(fetch)
        } catch {
            guard error.reason == .url else { throw KeyFetchError(error) }
            throw KeyFetchError("\(place)\(error)")
        }
    }
}

extension JSONLimits {
    /// Metadata has many members, and lists of every name that an issuer supports.
    fileprivate static let metadata = JSONLimits(bytes: 512 * 1024, members: 512, elements: 1024)
}
