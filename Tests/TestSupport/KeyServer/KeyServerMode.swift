/// How a key server serves its key set.
package enum KeyServerMode: Sendable {
    case good
    /// The good set, after a while.
    case delayed(Duration)
    /// An error of that status with a text.
    case status(Int)
    /// A page for people, with status 200.
    case html
    case emptySet
    /// A good set without its last bytes.
    case brokenJSON
    /// Ten MiB of well-formed JSON around the good set; without `announced`, no length is announced.
    case huge(announced: Bool)
    /// 5,000 keys.
    case manyKeys
    /// One byte of the good set every 100 ms.
    case slowDrip
    /// Nothing for a minute.
    case silence
    /// The connection ends in the middle of the body.
    case cutShort
    case redirectToSameOrigin
    /// To 127.0.0.1, which is this server under another name.
    case redirectToOtherHost
    /// To this server's port without TLS.
    case redirectToHTTP
    case redirectToItself
    /// The good set with 32 MiB of blanks behind it, packed into 32 KiB (`Content-Encoding: gzip`).
    case gzipBomb
    /// The good set and a key with a private member.
    case privateMember
    /// The good set and a symmetric key.
    case symmetricKey
    /// The first key twice.
    case duplicateKeyID
    /// The good set, and before it one key of an unknown type and one that is broken.
    case someUnusable
    /// This text, with status 200.
    case text(String)

    func answer(on server: KeyServer, keys: [TestKey]) -> KeyServerAnswer {
        let good = KeyServerAnswer.keySet(keys)
        let members = keys.map(\.publicJWK)
        func set(_ members: [String]) -> KeyServerAnswer {
            KeyServerAnswer("{\"keys\":[\(members.joined(separator: ","))]}")
        }
        switch self {
        case .good: return good
        case .delayed(let delay): return good.changed { $0.delay = delay }
        case .status(let status):
            return KeyServerAnswer(#"{"error":"no"}"#).changed { $0.status = status }
        case .html:
            return KeyServerAnswer("<!DOCTYPE html><title>Sign in</title><p>Hello").changed {
                $0.headers = [("Content-Type", "text/html")]
            }
        case .emptySet: return set([])
        case .brokenJSON: return good.changed { $0.body.removeLast(2) }
        case .huge(let announced):
            return good.changed {
                $0.padding = 10 << 20
                $0.announcesLength = announced
            }
        case .manyKeys:
            return set((0..<5_000).map { #"{"kty":"unknown","kid":"\#($0)"}"# } + members)
        case .slowDrip:
            return good.changed {
                $0.piece = 1
                $0.pause = .milliseconds(100)
            }
        case .silence: return good.changed { $0.delay = .seconds(60) }
        case .cutShort: return good.changed { $0.cut = 10 }
        case .redirectToSameOrigin: return .redirect(to: "/moved")
        case .redirectToOtherHost: return .redirect(to: "https://127.0.0.1:\(server.port)/moved")
        case .redirectToHTTP: return .redirect(to: "http://localhost:\(server.plainPort)/moved")
        case .redirectToItself: return .redirect(to: KeyServer.keySetPath, status: 307)
        case .gzipBomb:
            return good.changed {
                $0.headers.append(("Content-Encoding", "gzip"))
                $0.padding = 32 << 20
                $0.isPacked = true
            }
        case .privateMember:
            return set(members + [#"{"kty":"OKP","crv":"Ed25519","x":"AAAA","d":"AAAA"}"#])
        case .symmetricKey: return set(members + [#"{"kty":"oct","kid":"s","k":"AAAA"}"#])
        case .duplicateKeyID: return set(members + members.prefix(1))
        case .someUnusable:
            return set(
                [
                    #"{"kty":"unknown","kid":"strange"}"#,
                    #"{"kty":"EC","crv":"P-256","kid":"broken","x":"AAAA","y":"AAAA"}"#,
                ] + members)
        case .text(let text): return KeyServerAnswer(text)
        }
    }
}

/// How a key server serves its metadata (OpenID Connect Discovery 1.0 § 4.2).
package enum KeyServerMetadata: Sendable {
    case good
    /// Another `issuer`, byte for byte as given.
    case issuer(String)
    /// Another `jwks_uri`.
    case keySetURL(String)
    case withoutKeySetURL
    case text(String)
    case scripted(KeyServerAnswer)

    package func answer(on server: KeyServer) -> KeyServerAnswer {
        func document(issuer: String, keySetURL: String) -> KeyServerAnswer {
            KeyServerAnswer(
                #"{"issuer":"\#(issuer)","authorization_endpoint":"\#(issuer)/authorize","#
                    + #""response_types_supported":["code"],"jwks_uri":"\#(keySetURL)"}"#)
        }
        return switch self {
        case .good: document(issuer: server.issuer, keySetURL: server.keySetURL)
        case .issuer(let issuer): document(issuer: issuer, keySetURL: server.keySetURL)
        case .keySetURL(let url): document(issuer: server.issuer, keySetURL: url)
        case .withoutKeySetURL: KeyServerAnswer(#"{"issuer":"\#(server.issuer)"}"#)
        case .text(let text): KeyServerAnswer(text)
        case .scripted(let answer): answer
        }
    }
}

extension KeyServerAnswer {
    package func changed(_ change: (inout KeyServerAnswer) -> Void) -> KeyServerAnswer {
        var copy = self
        change(&copy)
        return copy
    }
}
