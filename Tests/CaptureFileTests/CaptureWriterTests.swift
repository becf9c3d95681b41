import CaptureFile
import Foundation
import Testing
import Wire

/// What is read, written and read again is the same.
@Suite struct CaptureWriterTests {
    /// A capture with everything that a pcapng file can say, in two sections.
    private static func everything(_ build: CaptureBuilder) -> [UInt8] {
        let interfaceOptions =
            build.option(1, "an interface") + build.option(2, "eth0") + build.option(3, "the first") + build.option(4, [10, 0, 0, 1, 255, 0, 0, 0])
            + build.option(5, [UInt8](repeating: 1, count: 17)) + build.option(6, [0, 1, 2, 3, 4, 5]) + build.option(7, [0, 1, 2, 3, 4, 5, 6, 7])
            + build.option(8, build.number(UInt64(1_000_000))) + build.option(9, [9]) + build.option(11, [0] + Array("tcp".utf8)) + build.option(12, "Linux")
            + build.option(13, [4]) + build.option(14, build.number(UInt64(3600))) + build.option(15, "a card")
            + build.customOption(2988, enterprise: 32_473, Array("hello".utf8))
        let packetOptions =
            build.option(1, "one") + build.option(1, "two") + build.option(2, build.number(UInt32(5))) + build.option(3, [2, 0xaa, 0xbb])
            + build.option(4, build.number(UInt64(7))) + build.option(5, build.number(UInt64(8))) + build.option(6, build.number(UInt32(9)))
            + build.option(7, [1, 2, 3]) + build.option(8, build.number(UInt64(10)))
        let names = build.number(UInt16(1)) + build.number(UInt16(9)) + [10, 0, 0, 1] + Array("lark\0".utf8) + [0, 0, 0] + build.number(UInt32(0))
        let statistics =
            build.number(UInt32(0)) + build.ticks(5_000_000_000) + build.option(1, "counted") + build.option(2, build.ticks(1_000_000_000))
            + build.option(4, build.number(UInt64(100))) + build.option(5, build.number(UInt64(3)))
        return build.section(options: build.option(1, "a capture") + build.option(2, "a machine") + build.option(3, "a system") + build.option(4, "a program"))
            + build.interface(1, snapLength: 96, options: interfaceOptions) + build.interface(101, options: build.option(9, [0x8a]))
            + build.block(10, build.number(UInt32(0x544c_534b)) + build.number(UInt32(5)) + Array("KEYS\n".utf8)) + build.block(4, names)
            + build.enhanced(ticks: 1_234_567_890_123, original: 90, options: packetOptions) + build.enhanced([9], interface: 1, ticks: 1025)
            + build.simple([1, 2, 3]) + build.block(0xbad, build.number(UInt32(32_473)) + [1, 2, 3, 4]) + build.block(5, statistics)
            + build.section() + build.interface() + build.enhanced([7, 7], options: build.option(1, "in the second section"))
    }

    @Test(arguments: [false, true]) func pcapngKeepsEverything(isBigEndian: Bool) throws {
        let bytes = Self.everything(CaptureBuilder(isBigEndian: isBigEndian))
        let before = readCapture(bytes)
        #expect(before.error == nil && before.frames.count == 5 && before.statistics.count == 1)
        let after = readCapture(try rewritten(bytes, .pcapng))
        #expect(after.error == nil)
        #expect(after.frames == before.frames)
        #expect(after.interfaces == before.interfaces)
        #expect(after.sections.map(\.comments) == before.sections.map(\.comments))
        #expect(after.sections.map(\.application) == before.sections.map(\.application))
        #expect(after.resolvedNames == before.resolvedNames && after.resolvedNames.count == 1)
        #expect(after.secrets == before.secrets && after.secrets.count == 1)
        #expect(after.statistics == before.statistics)
        for (first, second) in zip(before.records, after.records) {
            #expect(first.packetFlags == second.packetFlags && first.dropCount == second.dropCount && first.packetID == second.packetID)
            #expect(first.queue == second.queue && first.hashes == second.hashes && first.verdicts == second.verdicts)
            #expect(first.processThread == second.processThread && first.customOptions == second.customOptions && first.kind == second.kind)
            #expect(first.sectionNumber == second.sectionNumber && first.enterpriseNumber == second.enterpriseNumber)
        }
    }

    @Test func whatIsNotToBeCopiedIsNot() throws {
        let build = CaptureBuilder()
        let bytes = build.section() + build.interface() + build.block(0x4000_0bad, build.number(UInt32(1)) + [1, 2, 3, 4])
            + build.enhanced(options: build.customOption(19_372, enterprise: 1, [1]) + build.customOption(2989, enterprise: 1, [2]))
        let after = readCapture(try rewritten(bytes, .pcapng))
        #expect(after.records.map(\.kind) == [.packet])
        #expect(after.records.flatMap(\.customOptions).map(\.bytes) == [[2]])
    }

    @Test func pcapKeepsFramesToItsResolution() throws {
        let build = CaptureBuilder()
        let bytes = build.section() + build.interface(1, snapLength: 64, options: build.option(9, [9]))
            + build.enhanced(ticks: 1_234_567_890_123, original: 90) + build.enhanced([1, 2], ticks: 5)
        let micro = readCapture(try rewritten(bytes, .pcap))
        #expect(micro.frames.map(\.timestamp) == [Timestamp(seconds: 1234, nanoseconds: 567_890_000), Timestamp(seconds: 0, nanoseconds: 0)])
        let nano = readCapture(try rewritten(bytes, .nsecpcap))
        #expect(nano.frames.map(\.timestamp) == [Timestamp(seconds: 1234, nanoseconds: 567_890_123), Timestamp(seconds: 0, nanoseconds: 5)])
        for capture in [micro, nano] {
            #expect(capture.frames.map(\.bytes) == [packet, [1, 2]] && capture.frames.map(\.originalByteCount) == [90, 2])
            #expect(capture.interfaces.map(\.snapLength) == [64] && capture.interfaces.map(\.linkType) == [.ethernet])
        }
    }

    @Test func pcapHoldsOneLinkType() {
        let build = CaptureBuilder()
        let bytes = build.section() + build.interface(1) + build.interface(101) + build.enhanced() + build.enhanced(interface: 1)
        #expect(throws: CaptureFileError.self) { try rewritten(bytes, .pcap) }
    }

    @Test(arguments: CaptureFileType.allCases) func captureWithoutFramesIsWhole(type: CaptureFileType) throws {
        let after = readCapture(try rewritten(CaptureBuilder().pcapHeader(linkType: 113), type))
        #expect(after.error == nil && after.frames.isEmpty && after.interfaces.map(\.linkType) == [LinkType(rawValue: 113)])
    }

    @Test func fileThatIsReadIsNotWrittenOver() throws {
        try withTemporaryFile([1, 2, 3]) { path in
            #expect(throws: CaptureFileError.self) { try OutputFile(path: path, besides: [path]) }
            #expect(readBytes(path) == [1, 2, 3])
            let output = try OutputFile(path: path)
            let bytes: [UInt8] = [4, 5]
            try bytes.withUnsafeBytes { try output.write(ByteView($0)) }
            #expect(readBytes(path) == bytes)
        }
        #expect(throws: CaptureFileError.self) { try OutputFile(path: "/nothing/here") }
    }

    private func readBytes(_ path: String) -> [UInt8] { FileManager.default.contents(atPath: path).map { [UInt8]($0) } ?? [] }

    private func rewritten(_ bytes: [UInt8], _ type: CaptureFileType) throws -> [UInt8] {
        try withTemporaryFile(bytes) { path in
            final class Box { var bytes: [UInt8] = [] }
            let box = Box()
            var reader = try CaptureReader(path: path)
            var writer = CaptureWriter(type, name: "written") { (part) throws(CaptureFileError) in box.bytes += part.copy() }
            var record = FrameRecord()
            while let frame = try reader.next(&record) { try writer.write(frame, record, reader.metadata) }
            try writer.end(reader.metadata)
            return box.bytes
        }
    }
}
