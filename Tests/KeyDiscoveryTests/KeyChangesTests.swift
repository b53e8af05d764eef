import Cryptography
import TestSupport
import Testing
import TokenVerification

@testable import KeyDiscovery

@Suite("what a log says of changed keys")
struct KeyChangesTests {
    @Test("another key under the same kid has changed; it is neither added nor removed")
    func changed() throws {
        let first = try TestKey(.es256, keyID: "k1")
        let second = try TestKey(.es256, keyID: "k2")
        let replaced = try TestKey(.es256, keyID: "k2")
        let third = try TestKey(.es256, keyID: "k3")
        #expect(try changes([first, second], [replaced]) == "changed `k2`; removed `k1`")
        #expect(
            try changes([first, second], [first, replaced, third]) == "added `k3`; changed `k2`")
        #expect(try changes([first], [third]) == "added `k3`; removed `k1`")
        #expect(try changes([], [first]) == "added `k1`")
        #expect(try changes([first], [first]) == "")
    }

    @Test("keys without a name do not replace each other, and no name forges a line")
    func names() throws {
        let nameless = try KeySet(jwks: Array(nameless().utf8).span)
        let other = try KeySet(jwks: Array(self.nameless().utf8).span)
        #expect(
            other.changes(since: nameless) == "added one without a name; removed one without a name"
        )
        #expect(ForeignText.shown("a\nb\u{1B}é") == "a?b??")
        #expect(ForeignText.shown("abc", atMost: 2) == "ab…")
    }

    private func changes(_ old: [TestKey], _ new: [TestKey]) throws -> String {
        let before = try KeySet(jwks: KeyServerAnswer.keySet(old).body.span)
        let after = try KeySet(jwks: KeyServerAnswer.keySet(new).body.span)
        return after.keeping(before).changes(since: before)
    }

    /// A set of one key that has no `kid`.
    private func nameless() throws -> String {
        KeyServerAnswer.keySet([try TestKey(.es256, keyID: "x")]).text
            .replacing(",\"kid\":\"x\"", with: "").replacing("\"kid\":\"x\",", with: "")
    }
}
