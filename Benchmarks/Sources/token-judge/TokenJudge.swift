import Foundation

/// Says of tokens whether they are accepted, by us and by jwt-kit. Reads `Line`s of JSON, and answers
/// each token with one. See Tests/Differential.
@main
struct TokenJudge {
    static func main() async {
        do {
            try await judge()
        } catch {
            FileHandle.standardError.write(Data("token-judge: \(error)\n".utf8))
            exit(1)
        }
    }

    private static func judge() async throws {
        let decoder = JSONDecoder()
        let encoder = JSONEncoder()
        var benches: [String: Bench] = [:]
        while let text = readLine() {
            let line = try decoder.decode(Line.self, from: Data(text.utf8))
            if let rules = line.rules {
                benches[line.context] = try await Bench(rules)
            }
            guard let token = line.token else { continue }
            guard let bench = benches[line.context], let bytes = Data(base64Encoded: token) else {
                throw Misuse(description: "`\(line.context)` has no rules, or no token in base64")
            }
            let answer = Answer(
                ostiary: bench.ostiary.judge(Array(bytes)),
                jwtKit: await bench.jwtKit.judge(Array(bytes)))
            print(String(decoding: try encoder.encode(answer), as: UTF8.self))
        }
    }

    /// The engines under one set of rules.
    private struct Bench {
        let ostiary: OstiaryEngine
        let jwtKit: JWTKitEngine

        init(_ rules: Rules) async throws {
            ostiary = try OstiaryEngine(rules)
            jwtKit = try await JWTKitEngine(rules)
        }
    }
}

struct Misuse: Error, CustomStringConvertible {
    let description: String
}
