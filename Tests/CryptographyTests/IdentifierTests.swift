import Cryptography
import Testing

@Suite("Identifiers")
struct IdentifierTests {
    enum Kind {}
    typealias ID = Identifier<Kind>

    @Test("text and bytes are two forms of one identifier")
    func forms() throws {
        let text = "00112233-4455-6677-8899-aabbccddeeff"
        let bytes = bytes(hex: "00112233445566778899aabbccddeeff")
        let read = try #require(ID(text))
        #expect(read.bytes == bytes)
        #expect(read.description == text)
        #expect(ID(bytes: bytes) == read)
        #expect(ID(Substring("x" + text).dropFirst()) == read)
    }

    @Test("reads what it writes")
    func roundTrip() {
        for _ in 0..<1000 {
            let id = ID.random()
            #expect(ID(id.description) == id)
            #expect(ID(bytes: id.bytes) == id)
        }
    }

    @Test("random ones are of version 4 and variant 10, and do not repeat")
    func random() {
        let ids = (0..<1000).map { _ in ID.random() }
        #expect(Set(ids).count == 1000)
        var ones = [UInt8](repeating: 0, count: 16)
        var zeros = [UInt8](repeating: 0, count: 16)
        for id in ids {
            #expect(id.bytes[6] >> 4 == 4)
            #expect(id.bytes[8] >> 6 == 0b10)
            for (index, byte) in id.bytes.enumerated() {
                ones[index] |= byte
                zeros[index] |= ~byte
            }
        }
        // Every other bit takes both values.
        var free = [UInt8](repeating: 0xff, count: 16)
        free[6] = 0x0f
        free[8] = 0x3f
        for index in free.indices {
            #expect(ones[index] & free[index] == free[index])
            #expect(zeros[index] & free[index] == free[index])
        }
    }

    @Test(
        "refuses every other spelling",
        arguments: [
            "", "00112233-4455-6677-8899-aabbccddeef", "00112233-4455-6677-8899-aabbccddeeff0",
            "00112233-4455-6677-8899-AABBCCDDEEFF", "00112233445566778899aabbccddeeff",
            "{00112233-4455-6677-8899-aabbccddeeff}", " 00112233-4455-6677-8899-aabbccddeeff",
            "00112233-4455-6677-8899-aabbccddeeff\n", "0011223-34455-6677-8899-aabbccddeeff",
            "00112233-4455-6677-8899-aabbccddeefg", "00112233-4455-6677-8899-aabbccddee-f",
            "00112233_4455_6677_8899_aabbccddeeff", "0011223３-4455-6677-8899-aabbccddee",
        ])
    func otherSpellings(text: String) {
        #expect(ID(text) == nil)
    }

    @Test("takes 16 bytes, no more and no fewer", arguments: [0, 15, 17, 32])
    func otherCounts(count: Int) {
        #expect(ID(bytes: [UInt8](repeating: 1, count: count)) == nil)
    }
}
