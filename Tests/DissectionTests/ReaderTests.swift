import Dissection
import Testing
import Wire

@Suite struct ReaderTests {
    private let bytes: [UInt8] = Array(0..<16)

    private func withReader<Result>(reportedEnd: Int, isFragment: Bool = false, _ body: (inout Reader) throws -> Result) rethrows -> Result {
        try bytes.withUnsafeBytes { buffer in
            var reader = Reader(bytes: ByteView(buffer), source: 0, start: 2, reportedEnd: reportedEnd, isFragment: isFragment)
            return try body(&reader)
        }
    }

    /// What reading `count` bytes throws.
    private func error(_ reader: Reader, _ count: Int) -> DissectionError? {
        failure { () throws(DissectionError) in try reader.require(count) }
    }

    @Test func readsAdvance() throws {
        try withReader(reportedEnd: 16) { reader in
            #expect(try reader.uint8() == 2)
            #expect(try reader.uint16() == 0x0304)
            #expect(try reader.uint24() == 0x050607)
            #expect(try reader.uint32() == 0x0809_0a0b)
            #expect(reader.position == 10)
            #expect(reader.remaining == 4)
            #expect(try reader.peekUInt16() == 0x0c0d)
            try reader.skip(4)
            #expect(reader.isAtEnd)
        }
        try withReader(reportedEnd: 16) { reader in
            let (first, second) = (try reader.uint48(), try reader.uint64())
            #expect(first == 0x0203_0405_0607)
            #expect(second == 0x0809_0a0b_0c0d_0e0f)
        }
    }

    @Test func pastTheCapturedBytesIsTruncated() {
        withReader(reportedEnd: 20) { reader in
            #expect(error(reader, 14) == nil)
            reader.offset = 14
            let read = failure { () throws(DissectionError) in _ = try reader.uint32() }
            #expect(read == DissectionError(.truncated, offset: 14, byteCount: 4))
        }
    }

    @Test func pastTheReportedBytesIsMalformed() {
        withReader(reportedEnd: 6) { reader in
            let read = failure { () throws(DissectionError) in _ = try reader.uint64() }
            #expect(read == DissectionError(.malformed, offset: 2, byteCount: 8))
            #expect(error(reader, -1)?.kind == .malformed)
            #expect(reader.offset == 2)
        }
        withReader(reportedEnd: 18) { reader in
            #expect(error(reader, 17)?.kind == .malformed)
            #expect(error(reader, 16)?.kind == .truncated)
        }
    }

    @Test func pastAFragmentIsUnreassembled() {
        withReader(reportedEnd: 6, isFragment: true) { reader in
            #expect(error(reader, 5)?.kind == .unreassembled)
            #expect(error(reader.rest, 5)?.kind == .unreassembled)
        }
    }

    @Test func hugeCountsFailWithoutATrap() {
        withReader(reportedEnd: 16) { reader in
            for count in [Int.max, Int.max - 1, Int.min] {
                #expect(error(reader, count)?.kind == .malformed)
                #expect(!reader.has(count))
            }
        }
    }

    @Test func peeksStandAtTheLayersStart() {
        withReader(reportedEnd: 10) { reader in
            #expect(reader.peek(0) == 2)
            #expect(reader.peek(7) == 9)
            #expect(reader.peek(8) == nil)
            #expect(reader.peek(-1) == nil)
            #expect(reader.peek16(6) == 0x0809)
            #expect(reader.peek16(7) == nil)
            #expect(reader.peek32(4) == 0x0607_0809)
            #expect(reader.peek32(5) == nil)
        }
    }

    @Test func narrowingNeverWidens() {
        withReader(reportedEnd: 12) { reader in
            #expect(reader.narrowed(toByteCount: 4).reportedEnd == 6)
            #expect(reader.narrowed(toByteCount: 400).reportedEnd == 12)
            #expect(reader.narrowed(toByteCount: -4).reportedEnd == 2)
            reader.offset = 8
            #expect(reader.narrowed(toByteCount: 3).reportedEnd == 8)
        }
    }

    @Test func partsKeepBothEnds() {
        withReader(reportedEnd: 20) { reader in
            reader.offset = 4
            #expect(reader.next(3).reportedEnd == 7)
            #expect(reader.next(30).reportedEnd == 20)
            #expect(reader.next(30).capturedRemaining == 12)
            #expect(reader.next(-3).remaining == 0)
            #expect(reader.rest.start == 4)
            #expect(reader.rest.remaining == 16)
            #expect(reader.rest.capturedRemaining == 12)
            #expect(reader.capturedBytes.count == 12)
            #expect(reader.captured(14, 9).copy() == [14, 15])
        }
    }
}
