import Testing
import Wire

/// Runs `body` on a view of bytes.
func withView<Result>(_ bytes: [UInt8], _ body: (ByteView) throws -> Result) rethrows -> Result {
    try bytes.withUnsafeBytes { try body(ByteView($0)) }
}

@Suite struct ByteViewTests {
    private let bytes: [UInt8] = [0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0xff]

    @Test func numbersInNetworkOrder() {
        withView(bytes) { view in
            #expect(view[0] == 0x01)
            #expect(view.uint16(1) == 0x2345)
            #expect(view.uint24(6) == 0xcdefff)
            #expect(view.uint32(5) == 0xabcd_efff)
            #expect(view.uint64(1) == 0x2345_6789_abcd_efff)
        }
    }

    @Test func numbersWithTheLowByteFirst() {
        withView(bytes) { view in
            #expect(view.uint16LE(7) == 0xffef)
            #expect(view.uint32LE(0) == 0x6745_2301)
            #expect(view.uint64LE(0) == 0xefcd_ab89_6745_2301)
        }
    }

    @Test(arguments: [
        (1, 0x23), (2, 0x2345), (3, 0x234567), (4, 0x2345_6789), (5, 0x23_4567_89ab), (6, 0x2345_6789_abcd),
        (7, 0x23_4567_89ab_cdef), (8, 0x2345_6789_abcd_efff),
    ] as [(Int, UInt64)]) func numbersOfAnyWidth(byteCount: Int, value: UInt64) {
        withView(bytes) { #expect($0.unsigned(1, byteCount: byteCount) == value) }
    }

    @Test func partsAreClamped() {
        withView(bytes) { view in
            #expect(view[2..<4].copy() == [0x45, 0x67])
            #expect(view[7..<100].copy() == [0xef, 0xff])
            #expect(view[-5..<1].copy() == [0x01])
            #expect(view[50..<60].isEmpty)
        }
    }

    @Test func looksForBytes() {
        withView([1, 2, 1, 3]) { view in
            #expect(view.firstIndex(of: 1) == 0)
            #expect(view.firstIndex(of: 1, from: 1) == 2)
            #expect(view.firstIndex(of: 1, from: 3) == nil)
            #expect(view.firstIndex(of: 3, from: -1) == 3)
            #expect(view.firstIndex(of: 3, from: 9) == nil)
        }
    }

    @Test func comparesWithText() {
        withView(Array("GET /".utf8)) { view in
            #expect(view.hasPrefix("GET"))
            #expect(view.hasPrefix("/", at: 4))
            #expect(view.hasPrefix("", at: 5))
            #expect(!view.hasPrefix("GET / HTTP"))
            #expect(!view.hasPrefix("/", at: 5))
            #expect(!view.hasPrefix("GET", at: -1))
        }
    }

    @Test func emptyViewHasNothing() {
        #expect(ByteView.empty.isEmpty)
        #expect(ByteView.empty.copy() == [])
        #expect(ByteView.empty.firstIndex(of: 0) == nil)
    }

    @Test func readingOutsideTraps() async {
        await #expect(processExitsWith: .failure) { _ = withView([1, 2, 3]) { $0.uint32(0) } }
        await #expect(processExitsWith: .failure) { _ = withView([1, 2, 3]) { $0[3] } }
        await #expect(processExitsWith: .failure) { _ = withView([1, 2, 3]) { $0.uint16(-1) } }
    }

    /// A byte that is sought is found at every place, whatever stands before the start and behind the end.
    @Test(arguments: 0...40) func bytesAreFoundAtEveryPlace(count: Int) {
        let quote: UInt8 = 34
        for place in 0...count {
            var bytes = [UInt8](repeating: 97, count: count + 2)
            bytes[place] = quote
            (bytes[count], bytes[count + 1]) = (quote, 0)
            bytes.withUnsafeBytes { buffer in
                let view = ByteView(UnsafeRawBufferPointer(rebasing: buffer[0..<count]))
                for start in 0...place {
                    #expect(view.firstIndex(of: quote, from: start) == (place < count ? place : nil))
                    #expect(view.endOfXMLText(from: start) == place)
                    #expect(view.endOfJSONText(from: start) == place)
                }
                guard place < count else { return }
                #expect(view.firstIndex(of: quote, from: place + 1) == nil)
                #expect(view.endOfXMLText(from: place + 1) == count)
            }
        }
    }
}
