import TestSupport
import Testing

@Suite struct X509Tests {
    /// What holds the rest of a body that is cut short.
    private static let lengthDependent: Set<String> = ["http.file_data", "pkix-cert", "ocsp"]

    @Test(arguments: ["x509af", "x509sat", "x509ce", "pkix1explicit", "pkixqualified", "pkcs-1", "ocsp", "ber"])
    func contract(folder: String) throws {
        try Contract(folder, lengthDependent: Self.lengthDependent).run()
    }
}
