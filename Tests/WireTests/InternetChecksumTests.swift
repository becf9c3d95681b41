import Testing
import Wire

@Suite struct InternetChecksumTests {
    private func sum(_ parts: [UInt8]...) -> InternetChecksum {
        var sum = InternetChecksum()
        for part in parts { withView(part) { sum.add($0) } }
        return sum
    }

    /// RFC 1071, section 3: the numerical example.
    private let example: [UInt8] = [0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]

    @Test func exampleOfTheRFC() {
        #expect(sum(example).folded == 0xddf2)
        #expect(sum(example).value == 0x220d)
    }

    @Test func dataWithItsChecksumFoldsToOnes() { #expect(sum(example, [0x22, 0x0d]).folded == 0xffff) }

    @Test func everySplitGivesTheSameSum() {
        let bytes = (0..<23).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }
        let whole = sum(bytes).folded
        for first in 0...bytes.count {
            for second in first...bytes.count {
                #expect(sum(Array(bytes[..<first]), Array(bytes[first..<second]), Array(bytes[second...])).folded == whole)
            }
        }
    }

    @Test func oddByteIsTheHighOne() {
        #expect(sum([0xab]).folded == 0xab00)
        #expect(sum([]).folded == 0)
        #expect(sum([]).value == 0xffff)
    }

    @Test func numbersCountAsTheirWords() {
        var number = InternetChecksum()
        number.add(0xf203_f4f5 as UInt32)
        #expect(number.folded == sum([0xf2, 0x03, 0xf4, 0xf5]).folded)
    }

    @Test func carriesAreKept() {
        #expect(sum([UInt8](repeating: 0xff, count: 65_536)).folded == 0xffff)
        #expect(sum([0xff, 0xff, 0x00, 0x01]).folded == 0x0001)
    }
}
