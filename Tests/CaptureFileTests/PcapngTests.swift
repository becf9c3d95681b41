import CaptureFile
import Testing
import Wire

@Suite struct PcapngTests {
    static let builders = [CaptureBuilder(), CaptureBuilder(isBigEndian: true)]

    @Test func everyKindOfPacketBlock() {
        for build in Self.builders {
            let capture = readCapture(
                build.section() + build.interface(1, snapLength: 40) + build.interface(101)
                    + build.enhanced(ticks: 1_500_000_000_123_456, original: 90)
                    + build.enhanced([9], interface: 1)
                    + build.simple(Array(packet[..<40]), original: 60) + build.simple([1, 2], original: 2)
                    + build.obsolete(drops: 5) + build.obsolete(interface: 1))
            #expect(capture.error == nil)
            #expect(capture.frames.map(\.bytes) == [packet, [9], Array(packet[..<40]), [1, 2], packet, packet])
            #expect(capture.frames.map(\.originalByteCount) == [90, 1, 60, 2, 60, 60])
            #expect(capture.frames.map(\.interfaceID) == [0, 1, 0, 0, 0, 1])
            #expect(capture.records.map(\.linkType) == [.ethernet, .rawIP, .ethernet, .ethernet, .ethernet, .rawIP])
            #expect(capture.records.map(\.dropCount) == [nil, nil, nil, nil, 5, nil])
            let second = Timestamp(seconds: 1, nanoseconds: 0)
            #expect(capture.frames.map(\.timestamp) == [
                Timestamp(seconds: 1_500_000_000, nanoseconds: 123_456_000), second, nil, nil, second, second,
            ])
            #expect(capture.format?.container == .pcapng)
            #expect(capture.format?.isBigEndian == build.isBigEndian)
        }
    }

    @Test func packetOptions() throws {
        for build in Self.builders {
            let options =
                build.option(1, "one") + build.option(1, "zwei, ü") + build.option(2, build.number(UInt32(5)))
                + build.option(3, [2, 0xaa, 0xbb]) + build.option(3, [])
                + build.option(4, build.number(UInt64(7))) + build.option(5, build.number(UInt64(8)))
                + build.option(6, build.number(UInt32(9))) + build.option(7, [1, 2, 3])
                + build.option(8, build.number(UInt64(10)))
                + build.customOption(2988, enterprise: 32_473, Array("hello".utf8))
                + build.option(0x7777, [1]) + build.option(0, "") + build.option(1, "after the end")
            let capture = readCapture(
                build.section() + build.interface() + build.enhanced(options: options)
                    + build.enhanced(options: build.option(1, "ab\0cd")) + build.enhanced())
            #expect(capture.error == nil)
            let record = try #require(capture.records.first)
            #expect(record.comments == ["one", "zwei, ü"])
            #expect(record.packetFlags == 5 && record.dropCount == 7 && record.packetID == 8)
            #expect(record.queue == 9 && record.processThread == 10)
            #expect(record.hashes == [[2, 0xaa, 0xbb], []] && record.verdicts == [[1, 2, 3]])
            #expect(record.customOptions.map(\.enterpriseNumber) == [32_473])
            #expect(record.customOptions.map(\.bytes) == [Array("hello".utf8)])
            #expect(capture.frames.map(\.comments) == [["one", "zwei, ü"], ["ab"], []])
            let last = try #require(capture.records.last)
            #expect(last.packetFlags == nil && last.dropCount == nil && last.packetID == nil && last.queue == nil)
            #expect(last.hashes.isEmpty && last.verdicts.isEmpty && last.customOptions.isEmpty)
            #expect(last.processThread == nil)
        }
    }

    @Test(arguments: [
        (6, 1_500_000_000_123_456, 1_500_000_000, 123_456_000), (9, 1_500_000_000_123_456_789, 1_500_000_000, 123_456_789),
        (3, 1_500_000_000_123, 1_500_000_000, 123_000_000), (0, 1_500_000_000, 1_500_000_000, 0),
        (12, 1_500_000_000_123_456, 1500, 123), (19, 15_000_000_000_000_000_001, 1, 500_000_000),
        (0x80, 77, 77, 0), (0x8a, 1_536_000_512, 1_500_000, 500_000_000),
        (0xa0, 0x3000_0000_8000_0000, 0x3000_0000, 500_000_000), (0xbf, 0xa000_0000_0000_0000, 1, 250_000_000),
        (6, .max, 18_446_744_073_709, 551_615_000),
    ] as [(UInt8, UInt64, Int64, Int32)])
    func resolutions(_ resolution: UInt8, _ ticks: UInt64, _ seconds: Int64, _ nanoseconds: Int32) {
        for build in Self.builders {
            for offset in [0, 1000, -5_000_000_000] as [Int64] {
                let options = build.option(9, [resolution]) + build.option(14, build.number(offset))
                let capture = readCapture(
                    build.section() + build.interface(options: options) + build.enhanced(ticks: ticks))
                #expect(capture.frames.map(\.timestamp) == [
                    Timestamp(seconds: seconds + offset, nanoseconds: nanoseconds)
                ])
            }
        }
    }

    @Test func resolutionsBeyond64BitsDoNotTrap() {
        let build = CaptureBuilder()
        for resolution in [20, 0x7f, 0xc0, 0xff] as [UInt8] {
            let capture = readCapture(
                build.section() + build.interface(options: build.option(9, [resolution])) + build.enhanced(ticks: .max))
            #expect(capture.frames.count == 1 && capture.error == nil)
        }
    }

    @Test func whatAnInterfaceSaysOfItself() throws {
        for build in Self.builders {
            let options =
                build.option(1, "a comment") + build.option(2, "eth0") + build.option(3, "first port")
                + build.option(4, [192, 0, 2, 1, 255, 255, 255, 0]) + build.option(5, [UInt8](1...17))
                + build.option(6, [2, 0, 0, 0, 0, 1]) + build.option(7, [UInt8](1...8))
                + build.option(8, build.number(UInt64(10_000_000_000)))
                + build.option(11, [0] + Array("tcp port 80".utf8)) + build.option(12, "Linux")
                + build.option(13, [4]) + build.option(15, "a card")
                + build.customOption(2989, enterprise: 1, [5])
            let capture = readCapture(build.section() + build.interface(1, snapLength: 99, options: options))
            let interface = try #require(capture.interfaces.first)
            #expect(interface.linkType == .ethernet && interface.snapLength == 99)
            #expect(interface.sectionNumber == 1 && interface.number == 0)
            #expect(interface.name == "eth0" && interface.description == "first port")
            #expect(interface.comments == ["a comment"] && interface.filter == "tcp port 80")
            #expect(interface.operatingSystem == "Linux" && interface.hardware == "a card")
            #expect(interface.bitsPerSecond == 10_000_000_000 && interface.frameCheckSequenceByteCount == 4)
            #expect(interface.ipv4Addresses == [[192, 0, 2, 1, 255, 255, 255, 0]])
            #expect(interface.ipv6Addresses == [[UInt8](1...17)])
            #expect(interface.macAddress == [2, 0, 0, 0, 0, 1] && interface.eui64Address == [UInt8](1...8))
            #expect(interface.customOptions.map(\.bytes) == [[5]])
        }
    }

    @Test func optionsOfTheWrongSizeAreLeftOutOfInterfaces() throws {
        let build = CaptureBuilder()
        let options = [4, 5, 6, 7, 8, 9, 13, 14].flatMap { build.option($0, [1, 2]) }
        let capture = readCapture(build.section() + build.interface(options: options) + build.enhanced())
        let interface = try #require(capture.interfaces.first)
        #expect(capture.error == nil && capture.frames.count == 1)
        #expect(interface.ticksPerSecond == 1_000_000 && interface.timeOffsetSeconds == 0)
        #expect(interface.bitsPerSecond == nil && interface.macAddress == nil && interface.ipv4Addresses.isEmpty)
    }

    @Test func namesSecretsAndStatistics() throws {
        for build in Self.builders {
            func name(_ type: UInt16, _ record: [UInt8]) -> [UInt8] { build.option(type, record) }
            let names =
                name(1, [192, 0, 2, 1] + Array("host\0alias\0".utf8)) + name(2, [UInt8](1...16) + Array("six\0".utf8))
                + name(3, [1, 2, 3]) + build.option(0, "") + build.option(1, "the block's comment")
            let counters = [4, 5, 6, 7, 8].flatMap { build.option($0, build.number(UInt64($0) * 10)) }
            let capture = readCapture(
                build.section() + build.interface() + build.block(4, names)
                    + build.block(10, build.number(UInt32(0x544c_534b)) + build.number(UInt32(5)) + [1, 2, 3, 4, 5])
                    + build.enhanced()
                    + build.block(
                        5,
                        build.number(UInt32(0)) + build.ticks(3_000_000) + build.option(1, "c")
                            + build.option(2, build.ticks(1_000_000)) + build.option(3, build.ticks(2_000_000)) + counters)
                    + build.block(5, build.number(UInt32(7)) + build.ticks(1)))
            #expect(capture.error == nil)
            #expect(capture.resolvedNames == [
                ResolvedName(address: [192, 0, 2, 1], name: "host"), ResolvedName(address: [192, 0, 2, 1], name: "alias"),
                ResolvedName(address: [UInt8](1...16), name: "six"),
            ])
            #expect(capture.secrets == [DecryptionSecrets(type: 0x544c_534b, bytes: [1, 2, 3, 4, 5])])
            let statistics = try #require(capture.statistics.first)
            #expect(statistics.interfaceIndex == 0 && statistics.comments == ["c"])
            #expect(statistics.timestamp == Timestamp(seconds: 3, nanoseconds: 0))
            #expect(statistics.startTime == Timestamp(seconds: 1, nanoseconds: 0))
            #expect(statistics.endTime == Timestamp(seconds: 2, nanoseconds: 0))
            #expect(statistics.receivedCount == 40 && statistics.droppedCount == 50)
            #expect(statistics.filterAcceptedCount == 60 && statistics.systemDroppedCount == 70)
            #expect(statistics.deliveredCount == 80)
            #expect(capture.statistics.map(\.interfaceIndex) == [0, nil])
        }
    }

    @Test func customBlocksAndJournalEntriesAreFrames() throws {
        for build in Self.builders {
            let entry = Array("__CURSOR=x\n__REALTIME_TIMESTAMP=1500000000000001\nMESSAGE=a\n".utf8)
            let capture = readCapture(
                build.section() + build.interface() + build.enhanced()
                    + build.block(0x0bad, build.number(UInt32(32_473)) + [1, 2, 3, 4])
                    + build.block(0x4000_0bad, build.number(UInt32(5))) + build.block(9, entry) + build.enhanced())
            #expect(capture.error == nil)
            #expect(capture.records.map(\.kind) == [.packet, .customBlock, .customBlock, .journalEntry, .packet])
            #expect(capture.frames.map(\.bytes) == [packet, [1, 2, 3, 4], [], entry, packet])
            #expect(capture.records.map(\.enterpriseNumber) == [nil, 32_473, 5, nil, nil])
            #expect(capture.frames.map(\.interfaceID) == [0, nil, nil, nil, 0])
            #expect(capture.records[1].linkType == .noPacket && !capture.records[1].hasTimestamp)
            #expect(capture.records[3].timestamp == Timestamp(seconds: 1_500_000_000, nanoseconds: 1000))
        }
    }

    @Test func unknownBlocksArePassedOver() {
        for build in Self.builders {
            let capture = readCapture(
                build.section() + build.interface() + build.enhanced() + build.block(0x1234, [1, 2, 3])
                    + build.block(0x8000_1234, [UInt8](repeating: 0, count: 2_000_000)) + build.enhanced())
            #expect(capture.frames.map(\.number) == [1, 2] && capture.error == nil)
        }
    }

    @Test func sectionsMayDifferInEverything() {
        let little = CaptureBuilder()
        let big = CaptureBuilder(isBigEndian: true)
        let about = big.option(1, "one") + big.option(1, "two") + big.option(2, "machine") + big.option(3, "OS")
            + big.option(4, "program") + big.customOption(2988, enterprise: 3, [])
        let capture = readCapture(
            little.section() + little.interface(1) + little.enhanced()
                + big.section(options: about, version: (1, 2)) + big.interface(101) + big.interface(113)
                + big.enhanced([1]) + big.enhanced([2], interface: 1) + little.section() + little.interface(108)
                + little.enhanced([3]))
        #expect(capture.error == nil)
        #expect(capture.frames.map(\.interfaceID) == [0, 0, 1, 0])
        #expect(capture.records.map(\.interfaceIndex) == [0, 1, 2, 3])
        #expect(capture.records.map(\.sectionNumber) == [1, 2, 2, 3])
        #expect(capture.records.map(\.linkType) == [.ethernet, .rawIP, .linuxSLL, .loop])
        #expect(capture.interfaces.map(\.sectionNumber) == [1, 2, 2, 3])
        #expect(capture.interfaces.map(\.number) == [0, 0, 1, 0])
        #expect(capture.sections.map(\.isBigEndian) == [false, true, false])
        #expect(capture.sections[1].comments == ["one", "two"] && capture.sections[1].hardware == "machine")
        #expect(capture.sections[1].operatingSystem == "OS" && capture.sections[1].application == "program")
        #expect(capture.sections[1].minorVersion == 2 && capture.sections[1].customOptions.count == 1)
    }

    @Test func fileCommentsComeFromAllSections() throws {
        let build = CaptureBuilder()
        let bytes = build.section(options: build.option(1, "a")) + build.section(options: build.option(1, "b"))
        try withTemporaryFile(bytes) { path in
            var reader = try CaptureReader(path: path)
            var record = FrameRecord()
            #expect(reader.fileComments == ["a"])
            let isAtEnd = try reader.next(&record) == nil
            #expect(isAtEnd)
            #expect(reader.fileComments == ["a", "b"])
        }
    }

    @Test func metadataIsBounded() throws {
        let build = CaptureBuilder()
        // 600,000 names of one letter: within the limit by their bytes, past it with what holds them.
        let record = build.option(1, [192, 0, 2, 1] + [UInt8](repeating: [UInt8(ascii: "x"), 0], count: 30_000))
        let names = build.block(4, record)
        let bytes = build.section() + build.interface() + (0..<40).flatMap { _ in names } + build.enhanced()
        try withTemporaryFile(bytes) { path in
            var reader = try CaptureReader(path: path)
            var frame = FrameRecord()
            let bytes = try reader.next(&frame)?.copy()
            #expect(bytes == packet)
            #expect(reader.omittedMetadataCount > 0)
            #expect(reader.omittedMetadataCount + reader.metadata.resolvedNames.count == 1_200_000)
        }
    }
}

extension Array {
    fileprivate init(repeating elements: [Element], count: Int) {
        self = (0..<count).flatMap { _ in elements }
    }
}
