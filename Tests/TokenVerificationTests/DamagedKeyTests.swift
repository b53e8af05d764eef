import Cryptography
import StrictJSON
import Testing
import TokenVerification

/// Keys come from other people's servers and from files: whatever is wrong with them, they are
/// refused with a reason or are keys that obey every rule.
@Suite("Damaged keys")
struct DamagedKeyTests {
    let forge: Forge

    init() throws {
        forge = try Forge.shared()
    }

    @Test("a damaged key set is refused or holds only keys that obey the rules")
    func keySets() throws {
        let keys = SignatureAlgorithm.asymmetric.map {
            jwk(forge.key($0).publicKey, #","kid":"\#($0.rawValue)","alg":"\#($0.rawValue)""#)
        }
        let document = Array(#"{"keys":[\#(keys.joined(separator: ","))]}"#.utf8)
        var damage = Damage(seed: 1)
        for _ in 0..<150 {
            let changed = damage.applied(to: document)
            guard let set = try? KeySet(jwks: changed.span) else { continue }
            for key in set.keys {
                let publicKey = try #require(key.material.publicKey)
                #expect((try? PublicKey(publicKey.components)) == publicKey)
                #expect(key.algorithms.allSatisfy { $0.keyType == publicKey.type })
            }
        }
    }

    @Test(
        "a damaged PEM file is refused or holds a key that obeys the rules",
        arguments: [SignatureAlgorithm.es256, .es512, .rs256, .edDSA])
    func pemFiles(algorithm: SignatureAlgorithm) throws {
        let key = forge.key(algorithm)
        let publicPEM = Array(key.publicKey.pem().utf8)
        let privatePEM = Array(try key.pem().utf8)
        var damage = Damage(seed: 2)
        for _ in 0..<150 {
            let publicText = damage.applied(to: publicPEM)
            if let read = try? PublicKey(pem: publicText.span) {
                #expect((try? PublicKey(read.components)) == read)
            }
            let privateText = damage.applied(to: privatePEM)
            if let read = try? PrivateKey(pem: privateText.span) {
                #expect((try? PublicKey(read.publicKey.components)) == read.publicKey)
            }
        }
    }

    @Test("damaged secrets are refused or long enough")
    func secrets() {
        let document = Array(
            #"{"keys":[\#(oct(forge.secret, #","kid":"a""#)),\#(oct(forge.secret))]}"#.utf8)
        var damage = Damage(seed: 3)
        for _ in 0..<500 {
            let changed = damage.applied(to: document)
            guard let set = try? KeySet(secret: changed.span) else { continue }
            for key in set.keys {
                guard case .secret(let secret) = key.material else {
                    Issue.record("a secret that is none")
                    continue
                }
                #expect(secret.count >= 32 && secret.algorithms.count >= key.algorithms.count)
            }
        }
    }
}

/// Changes, removes, doubles and inserts some bytes, the same ones in every run.
private struct Damage {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func applied(to bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0...next(below: 3) where !bytes.isEmpty {
            let index = next(below: bytes.count)
            switch next(below: 5) {
            case 0: bytes[index] ^= 1 << UInt8(next(below: 8))
            case 1: bytes.remove(at: index)
            case 2: bytes.insert(bytes[index], at: index)
            case 3: bytes.insert(UInt8(next(below: 256)), at: index)
            default: bytes[index] = bytes[next(below: bytes.count)]
            }
        }
        return bytes
    }

    /// Knuth's linear congruential generator; the upper bits are the better ones.
    private mutating func next(below bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }
}
