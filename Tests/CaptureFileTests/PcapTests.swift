import CaptureFile
import Testing
import Wire

@Suite struct PcapTests {
    @Test(arguments: [false, true])
    func microsecondsAndNanoseconds(_ isBigEndian: Bool) {
        let build = CaptureBuilder(isBigEndian: isBigEndian)
        for (magic, digits, scale) in [(0xa1b2_c3d4 as UInt32, 6, 1000 as Int32), (0xa1b2_3c4d, 9, 1)] {
            let capture = readCapture(
                build.pcapHeader(magic: magic, snapLength: 100, linkType: 113)
                    + build.pcapRecord(seconds: 4_026_531_840, fraction: 123_456)
                    + build.pcapRecord([7], fraction: 1, original: 1500)
                    + build.pcapRecord([]))
            #expect(capture.error == nil)
            #expect(capture.frames.map(\.bytes) == [packet, [7], []])
            #expect(capture.frames.map(\.originalByteCount) == [60, 1500, 0])
            #expect(capture.frames.map(\.number) == [1, 2, 3])
            #expect(capture.frames.map(\.timestamp) == [
                Timestamp(seconds: 4_026_531_840, nanoseconds: 123_456 * scale),
                Timestamp(seconds: 1, nanoseconds: scale), Timestamp(seconds: 1, nanoseconds: 0),
            ])
            #expect(capture.frames.allSatisfy { $0.interfaceID == nil })
            #expect(capture.records.allSatisfy { $0.linkType == .linuxSLL && $0.kind == .packet })
            #expect(capture.format?.container == .pcap(.standard) && capture.format?.compression == nil)
            #expect(capture.format?.isBigEndian == isBigEndian && capture.format?.fractionDigits == digits)
            #expect(capture.format?.majorVersion == 2 && capture.format?.minorVersion == 4)
            #expect(capture.interfaces.map(\.linkType) == [.linuxSLL])
            #expect(capture.interfaces.first?.snapLength == 100)
            #expect(capture.interfaces.first?.ticksPerSecond == (digits == 6 ? 1_000_000 : 1_000_000_000))
            #expect(capture.sections.count == 1)
        }
    }

    @Test(arguments: [
        (0xa1b2_cd34, PcapVariant.modified, 8), (0xa1b2_c3d4, .modifiedEarly, 8), (0xa1b2_cd34, .modifiedSuSE, 12),
        (0xa1b2_c3d4, .nokia, 4),
    ] as [(UInt32, PcapVariant, Int)])
    func longerRecordHeaders(_ magic: UInt32, _ variant: PcapVariant, _ extraByteCount: Int) {
        for build in [CaptureBuilder(), CaptureBuilder(isBigEndian: true)] {
            let extra = ([0, 0, 0, 3, 0, 8, 1, 0, 0, 0, 0, 0] as [UInt8]).prefix(extraByteCount)
            for count in 2...6 {
                let records = (0..<count).flatMap { index in
                    build.pcapRecord(seconds: 940_000_000 + UInt32(index), fraction: 5, extra: Array(extra))
                }
                let capture = readCapture(build.pcapHeader(magic: magic) + records)
                #expect(capture.error == nil)
                #expect(capture.format?.container == .pcap(variant))
                #expect(capture.frames.map(\.bytes) == [[UInt8]](repeating: packet, count: count))
            }
        }
    }

    @Test func ixiaHasALongerFileHeader() {
        for magic in [0x1c00_01ac, 0x1c00_01ab] as [UInt32] {
            let build = CaptureBuilder()
            let capture = readCapture(
                build.pcapHeader(magic: magic) + build.number(UInt32(76)) + build.pcapRecord(fraction: 5))
            #expect(capture.format?.container == .pcap(.ixia))
            #expect(capture.frames.first?.timestamp == Timestamp(seconds: 1, nanoseconds: 5000))
            #expect(capture.frames.count == 1 && capture.error == nil)
        }
    }

    @Test func oldVersionsHaveTheLengthsTheOtherWayRound() {
        let build = CaptureBuilder()
        let swapped = build.pcapRecord(captured: 80, original: 60)
        for version in [(2, 2), (543, 0)] as [(UInt16, UInt16)] {
            let capture = readCapture(build.pcapHeader(version: version) + swapped)
            #expect(capture.frames.map(\.originalByteCount) == [80])
            #expect(capture.error == nil)
        }
        let either = readCapture(
            build.pcapHeader(version: (2, 3)) + swapped + build.pcapRecord(captured: 60, original: 80))
        #expect(either.frames.map(\.bytes) == [packet, packet])
        #expect(either.frames.map(\.originalByteCount) == [80, 80])
    }

    @Test func linkTypeFieldHasMoreInIt() {
        let build = CaptureBuilder()
        let capture = readCapture(build.pcapHeader(linkType: 0x2400_0001) + build.pcapRecord())
        #expect(capture.records.first?.linkType == .ethernet)
        #expect(capture.interfaces.first?.frameCheckSequenceByteCount == 4)
        #expect(readCapture(build.pcapHeader(linkType: 0x0020_0001)).error?.kind == .unsupported)
    }

    @Test func oddLengthsAreTolerated() {
        let build = CaptureBuilder()
        let capture = readCapture(
            build.pcapHeader(snapLength: 20) + build.pcapRecord(original: 10)
                + build.pcapRecord(original: 0xffff_ffff) + build.pcapRecord(fraction: 2_000_001))
        #expect(capture.error == nil)
        #expect(capture.frames.map(\.originalByteCount) == [10, Int(Int32.max), 60])
        #expect(capture.frames.last?.timestamp == Timestamp(seconds: 3, nanoseconds: 1000))
    }

    @Test func longPacketsOfSomeLinkTypesAreTaken() {
        let build = CaptureBuilder()
        let long = [UInt8](repeating: 7, count: 1_300_000)
        for linkType in [189, 220, 231, 249, 266, 279] as [UInt32] {
            let capture = readCapture(
                build.pcapHeader(linkType: linkType) + build.pcapRecord(long) + build.pcapRecord())
            #expect(capture.frames.map(\.bytes) == [long, packet])
        }
        #expect(readCapture(build.pcapHeader() + build.pcapRecord(long)).error?.kind == .damaged)
        let longest = [UInt8](repeating: 7, count: 262_144)
        #expect(readCapture(build.pcapHeader() + build.pcapRecord(longest)).frames.map(\.bytes) == [longest])
    }
}
