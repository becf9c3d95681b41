import Registries
import Testing
import Wire

@Suite struct ObjectIdentifierNamesTests {
    @Test(arguments: [
        ("2.5.4.3", "id-at-commonName"), ("1.2.840.113549.1.1.11", "sha256WithRSAEncryption"),
        // Only the beginning has a name.
        ("1.2.840.10040.2.1", "ISO assigned OIDs, USA.10040.2.1"), ("1.3.6.1.4.1.99999.1", "iso.3.6.1.4.1.99999.1"),
        ("0.4.0.1862.1.1", "itu-t.4.0.1862.1.1"), ("2.23.140.1.2.1", "joint-iso-itu-t.23.140.1.2.1"),
    ])
    func isNamedByItsLongestKnownPart(text: String, name: String) throws {
        let contents = try #require(ObjectIdentifierText.contents(text))
        var out = TextBuffer(capacity: 64)
        contents.withUnsafeBytes { out.append(objectIdentifierName: ByteView($0)) }
        #expect(out.string == name)
    }

    @Test func nothingHasNoName() {
        var out = TextBuffer(capacity: 64)
        out.append(objectIdentifierName: .empty)
        #expect(out.string == "")
    }
}
