import Testing
import Wire

@Suite struct ObjectIdentifierTextTests {
    private static func text(_ contents: [UInt8]) -> String {
        var out = TextBuffer(capacity: 64)
        contents.withUnsafeBytes { out.append(objectIdentifier: ByteView($0)) }
        return out.string
    }

    @Test(arguments: [
        ("0.9.2342", [0x09, 0x92, 0x26]), ("1.2.840.113549", [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d]), ("2.5.4.3", [0x55, 0x04, 0x03]),
        ("2.999.0", [0x88, 0x37, 0x00]), ("2.25.18446744073709551615", [0x69, 0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]),
    ] as [(String, [UInt8])])
    func textAndContentsAreTheSame(text: String, contents: [UInt8]) {
        #expect(Self.text(contents) == text)
        #expect(ObjectIdentifierText.contents(text) == contents)
    }

    @Test(arguments: ["", "1", "3.1", "1.40", "1.2.", "1.2.x", "1.2.-3", "1.2.18446744073709551616"])
    func otherTextsAreRefused(text: String) { #expect(ObjectIdentifierText.contents(text) == nil) }

    /// An arc that is cut off, or of more than 64 bits.
    @Test func arcsWithoutAValueAreQuestionMarks() {
        #expect(Self.text([]) == "")
        #expect(Self.text([0x2a, 0x83]) == "1.2.?")
        #expect(Self.text([0x2a] + [UInt8](repeating: 0xff, count: 10) + [0x7f, 0x05]) == "1.2.?.5")
    }
}
