import AccessPolicy
import Testing

@Suite struct RelaxationTests {
    private func canonical(_ path: String, _ relaxations: PathRelaxations) -> String? {
        let bytes = Array(path.utf8)
        return try? CanonicalPath(parsing: bytes.span, relaxations: relaxations).description
    }

    @Test(
        "`slashes: merge` forwards one slash for several",
        arguments: [
            ("//", "/"), ("//a", "/a"), ("/a//b", "/a/b"), ("/a//", "/a/"), ("/a///b//c", "/a/b/c"),
            ("/a/b", "/a/b"),
        ])
    func merging(path: String, expected: String) {
        #expect(canonical(path, PathRelaxations(mergesSlashes: true)) == expected)
    }

    @Test(
        "`slashes: merge` leaves the rest refused",
        arguments: ["/a/../b", "/a/./b", "/;/a", "//;x/a", "/a//..;/b"])
    func mergingOnly(path: String) {
        #expect(canonical(path, PathRelaxations(mergesSlashes: true)) == nil)
    }

    @Test(
        "`dots: resolve` forwards the resolved path (RFC 3986 § 5.2.4)",
        arguments: [
            ("/a/./b", "/a/b"), ("/a/../b", "/b"), ("/a/..", "/"), ("/a/.", "/a/"), ("/..", "/"),
            ("/.", "/"), ("/../../a", "/a"), ("/a/b/../../c", "/c"), ("/a/b/..", "/a/"),
            ("/a/%2e%2E/b", "/b"), ("/a/b/../", "/a/"), ("/%2e/a", "/a"), ("/A/../b%3b", "/b%3B"),
        ])
    func resolving(path: String, expected: String) {
        #expect(canonical(path, PathRelaxations(resolvesDots: true)) == expected)
    }

    @Test(
        "`dots: resolve` leaves the rest refused",
        arguments: ["/a//b", "/a/..;/b", "/a/..;x=1/b", "/a/.;/b", "/a/..//b"])
    func resolvingOnly(path: String) {
        #expect(canonical(path, PathRelaxations(resolvesDots: true)) == nil)
    }

    @Test(
        "both together", arguments: [("/a//../b", "/b"), ("//..//a//", "/a/"), ("/a/.//", "/a/")])
    func both(path: String, expected: String) {
        let both = PathRelaxations(mergesSlashes: true, resolvesDots: true)
        #expect(canonical(path, both) == expected)
    }

    @Test("what was resolved away is not counted as escaped")
    func resolvedEscapes() throws {
        let bytes = Array("/a%2Fb/../C;/../d".utf8)
        let relaxations = PathRelaxations(resolvesDots: true)
        let path = try CanonicalPath(parsing: bytes.span, relaxations: relaxations)
        #expect(path.opaque.isEmpty && path.isFolded)
        #expect(try path == parse("/d"))
    }
}
