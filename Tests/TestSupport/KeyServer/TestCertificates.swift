import Foundation

/// A certificate authority of this test run and what it has certified, made by `openssl`.
package final class TestCertificates: Sendable {
    /// Whom a server's certificate is for, and what is wrong with it.
    package enum Kind: String, Sendable, CaseIterable {
        /// For `localhost` and 127.0.0.1.
        case good
        /// For `other.test` only.
        case otherName
        /// Its time is over.
        case expired
    }

    /// The files of a server.
    package struct Files: Sendable {
        package let certificate: String
        package let privateKey: String
    }

    /// The same authority for every server of the run.
    package static let shared: Result<TestCertificates, any Error> = Result {
        let certificates = try TestCertificates()
        // Nothing runs the `deinit` of a value that lives as long as the process.
        atexit {
            guard let made = try? TestCertificates.shared.get() else { return }
            try? FileManager.default.removeItem(atPath: made.folder.path)
        }
        return certificates
    }

    /// The authority's own certificate, which clients are to trust.
    package let authorityFile: String
    private let folder: TemporaryFolder
    private let made: [Kind: Files]

    private init() throws {
        let folder = try TemporaryFolder("certificates")
        self.folder = folder
        authorityFile = folder.path + "/authority.pem"
        try folder.write("ca.cnf", Self.configuration(folder.path))
        try folder.write("index.txt", "")
        try folder.write("serial", "01\n")
        try Self.openssl(
            [
                "req", "-x509", "-days", "2", "-subj", "/CN=Test authority", "-out", authorityFile,
                "-keyout", folder.path + "/authority.key",
                "-addext", "basicConstraints=critical,CA:TRUE",
                "-addext", "keyUsage=critical,keyCertSign",
            ] + Self.newKey)
        var made: [Kind: Files] = [:]
        for kind in Kind.allCases { made[kind] = try Self.certify(kind, in: folder) }
        self.made = made
    }

    package func files(_ kind: Kind) throws -> Files {
        guard let files = made[kind] else { throw SupportError("no certificate of that kind") }
        return files
    }

    private static func certify(_ kind: Kind, in folder: TemporaryFolder) throws -> Files {
        let names = kind == .otherName ? "DNS:other.test" : "DNS:localhost,IP:127.0.0.1"
        let path = folder.path + "/" + kind.rawValue
        let extensions = try folder.write(
            kind.rawValue + ".cnf",
            """
            subjectAltName=\(names)
            basicConstraints=critical,CA:FALSE
            extendedKeyUsage=serverAuth

            """)
        try openssl(
            ["req", "-new", "-subj", "/CN=test server", "-out", path + ".csr"]
                + ["-keyout", path + ".key"] + newKey)
        let times =
            kind == .expired
            ? ["-startdate", "20200101000000Z", "-enddate", "20200201000000Z"] : ["-days", "2"]
        try openssl(
            [
                "ca", "-batch", "-notext", "-config", folder.path + "/ca.cnf",
                "-extfile", extensions, "-in", path + ".csr", "-out", path + ".pem",
            ] + times)
        return Files(certificate: path + ".pem", privateKey: path + ".key")
    }

    private static let newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]

    private static func openssl(_ arguments: [String]) throws {
        let process = try ChildProcess("/usr/bin/openssl", arguments)
        guard process.exitStatus(within: .seconds(20)) == 0 else {
            throw SupportError("openssl \(arguments): \(process.standardError)")
        }
    }

    /// The only thing that `openssl req` cannot do is a certificate of the past.
    private static func configuration(_ folder: String) -> String {
        """
        [ca]
        default_ca = test
        [test]
        serial = \(folder)/serial
        database = \(folder)/index.txt
        new_certs_dir = \(folder)
        certificate = \(folder)/authority.pem
        private_key = \(folder)/authority.key
        default_md = sha256
        unique_subject = no
        policy = names
        [names]
        commonName = supplied

        """
    }
}
