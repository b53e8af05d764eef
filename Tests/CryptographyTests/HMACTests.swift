import Cryptography
import Testing

@Suite("HMAC and HKDF with SHA-256")
struct HMACTests {
    @Test(
        "gives the codes of RFC 4231",
        arguments: [
            (
                [UInt8](repeating: 0x0b, count: 20), Array("Hi There".utf8),
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
            ),
            (
                Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
            ),
            (
                [UInt8](repeating: 0xaa, count: 20), [UInt8](repeating: 0xdd, count: 50),
                "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
            ),
            (
                Array(1...25), [UInt8](repeating: 0xcd, count: 50),
                "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
            ),
            (
                [UInt8](repeating: 0xaa, count: 131),
                Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
            ),
        ] as [([UInt8], [UInt8], String)])
    func rfc4231(key: [UInt8], message: [UInt8], code: String) {
        let ours = HMACSHA256.authenticate(message.span, key: key.span)
        #expect(ours == bytes(hex: code))
    }

    @Test("takes an empty key and an empty message")
    func empty() {
        let none: [UInt8] = []
        let code = HMACSHA256.authenticate(none.span, key: none.span)
        #expect(
            code
                == bytes(
                    hex: "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"))
    }

    @Test(
        "derives the keys of RFC 5869",
        arguments: [
            (
                [UInt8](repeating: 0x0b, count: 22), Array(0x00...0x0c), Array(0xf0...0xf9),
                """
                3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf
                34007208d5b887185865
                """
            ),
            (
                Array(0x00...0x4f), Array(0x60...0xaf), Array(0xb0...0xff),
                """
                b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c
                59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71
                cc30c58179ec3e87c14c01d5c1f3434f1d87
                """
            ),
            (
                [UInt8](repeating: 0x0b, count: 22), [], [],
                """
                8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d
                9d201395faa4b61a96c8
                """
            ),
        ] as [([UInt8], [UInt8], [UInt8], String)])
    func rfc5869(key: [UInt8], salt: [UInt8], info: [UInt8], output: String) {
        let expected = bytes(hex: output)
        let ours = HKDFSHA256.derive(
            key: key.span, salt: salt.span, info: info.span, count: expected.count)
        #expect(ours == expected)
    }

    @Test("derives as many bytes as are asked for, each length a prefix of the longer ones")
    func lengths() {
        let key = Array("key".utf8)
        let none: [UInt8] = []
        func derive(_ count: Int) -> [UInt8] {
            HKDFSHA256.derive(key: key.span, salt: none.span, info: none.span, count: count)
        }
        let longest = derive(HKDFSHA256.maximumCount)
        #expect(longest.count == 8160)
        for count in [0, 1, 31, 32, 33, 64, 8159] {
            #expect(derive(count) == Array(longest.prefix(count)))
        }
    }
}
