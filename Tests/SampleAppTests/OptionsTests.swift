import Testing
import sample_app

@Suite("Options")
struct OptionsTests {
    @Test("defaults, both spellings, and help")
    func accepted() throws {
        #expect(try Options([]).port == 8050)
        #expect(try Options(["--port", "0", "--host=::1"]).host == "::1")
        #expect(try Options(["--port=9"]).port == 9)
        #expect(try Options(["--help"]).wantsHelp)
    }

    @Test(
        "what cannot be understood is an error that names it",
        arguments: [
            (["--port"], "`--port` needs a value"),
            (["--port", "65536"], "`--port` must be from 0 to 65535, not `65536`"),
            (["serve"], "`serve` is not an option; see sample-app --help"),
        ])
    func refused(arguments: [String], message: String) {
        #expect(throws: UsageError.self) { try Options(arguments) }
        do {
            _ = try Options(arguments)
        } catch {
            #expect(error.description == message)
        }
    }
}
