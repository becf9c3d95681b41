import CaptureFile
import CompressionSupport
import Testing
import Wire

@Suite struct DamageTests {
    private static let little = CaptureBuilder()

    private struct Case {
        var name: String
        var bytes: [UInt8]
        var frameCount: Int
        var kind: CaptureFileError.Kind
        /// Where the sentence says that it is.
        var offset: Int64
    }

    private static let pcapCases: [Case] = {
        let b = little
        let start = b.pcapHeader() + b.pcapRecord()
        return [
            Case(name: "header cut", bytes: Array(b.pcapHeader()[..<20]), frameCount: 0, kind: .cutShort, offset: 0),
            Case(name: "version", bytes: b.pcapHeader(version: (1, 4)), frameCount: 0, kind: .unsupported, offset: 4),
            Case(name: "absurd length", bytes: start + b.pcapRecord(captured: 0xffff_ffff), frameCount: 1,
                 kind: .damaged, offset: 100),
            Case(name: "just too long", bytes: start + b.pcapRecord(captured: 262_145), frameCount: 1,
                 kind: .damaged, offset: 100),
            Case(name: "packet cut", bytes: start + b.pcapRecord(captured: 61), frameCount: 1, kind: .cutShort,
                 offset: 100),
        ]
    }()

    private static let pcapngCases: [Case] = {
        let b = little
        let start = b.section() + b.interface() + b.enhanced()
        let end = b.enhanced()
        func damaged(_ name: String, _ bytes: [UInt8], kind: CaptureFileError.Kind = .damaged) -> Case {
            Case(name: name, bytes: start + bytes + end, frameCount: 1, kind: kind, offset: 140)
        }
        let packetStart = b.number(UInt32(0)) + b.ticks(1) + b.number(UInt32(4)) + b.number(UInt32(4)) + [1, 2, 3, 4]
        return [
            damaged("length 0", b.block(6, packetStart, length: 0)),
            damaged("length 8", b.block(6, packetStart, length: 8)),
            damaged("absurd length", b.block(6, packetStart, length: 0x7fff_fff0)),
            damaged("lengths differ", b.block(6, packetStart, secondLength: 5)),
            damaged("unknown block's lengths differ", b.block(77, [], secondLength: 16)),
            damaged("unknown block of 8 bytes", b.block(77, [], length: 8)),
            damaged("packet beyond its block", b.enhanced(captured: 64)),
            damaged("packet too long", b.enhanced([UInt8](repeating: 0, count: 262_145))),
            damaged("no such interface", b.enhanced(interface: 1)),
            damaged("obsolete packet's interface", b.obsolete(interface: 9)),
            damaged("simple packet beyond its block", b.simple(original: 64)),
            damaged("option beyond its block", b.enhanced(options: b.number(UInt16(1)) + b.number(UInt16(100)))),
            damaged("flags of one byte", b.enhanced(options: b.option(2, [1]))),
            damaged("drop count of one byte", b.enhanced(options: b.option(4, [1]))),
            damaged("packet identifier of one byte", b.enhanced(options: b.option(5, [1]))),
            damaged("queue of one byte", b.enhanced(options: b.option(6, [1]))),
            damaged("empty verdict", b.enhanced(options: b.option(7, ""))),
            damaged("custom option of one byte", b.enhanced(options: b.option(2988, [1]))),
            damaged("byte-order magic", b.section(magic: 0x1111_1111)),
            damaged("version", b.section(version: (2, 0)), kind: .unsupported),
            damaged("minor version", b.section(version: (1, 1)), kind: .unsupported),
            damaged("short interface", b.block(1, [0, 0, 0, 0])),
            damaged("interface option", b.interface(options: b.number(UInt16(2)) + b.number(UInt16(100)))),
            damaged("empty filter", b.interface(options: b.option(11, ""))),
            damaged("short statistics", b.block(5, [0, 0, 0, 0])),
            damaged("short names", b.block(4, [])),
            damaged("name record beyond its block", b.block(4, b.number(UInt16(1)) + b.number(UInt16(100)) + packet)),
            damaged("name without address", b.block(4, b.option(1, [1, 2]))),
            damaged("name without end", b.block(4, b.option(1, [1, 2, 3, 4, 65]))),
            damaged("short secrets", b.block(10, [0, 0, 0, 0])),
            damaged("secrets beyond their block", b.block(10, b.number(UInt32(1)) + b.number(UInt32(9)))),
            damaged("short custom block", b.block(0x0bad, [])),
            damaged("short journal entry", b.block(9, Array("MESSAGE=a\n".utf8))),
            Case(name: "packet before interface", bytes: b.section() + b.enhanced(), frameCount: 0, kind: .damaged,
                 offset: 28),
            Case(name: "simple packet before interface", bytes: b.section() + b.simple(), frameCount: 0,
                 kind: .damaged, offset: 28),
            Case(name: "interface of an earlier section", bytes: start + b.section() + b.enhanced(), frameCount: 1,
                 kind: .damaged, offset: 168),
            Case(name: "section cut", bytes: Array(b.section()[..<27]), frameCount: 0, kind: .cutShort, offset: 0),
            Case(name: "unknown block cut", bytes: start + b.block(77, packet).dropLast(), frameCount: 1,
                 kind: .cutShort, offset: 140),
        ]
    }()

    private static let cases = pcapCases + pcapngCases

    @Test(arguments: cases.indices)
    func allBeforeTheDamageIsDelivered(_ index: Int) throws {
        let damage = Self.cases[index]
        let capture = readCapture(damage.bytes)
        let error = try #require(capture.error, "\(damage.name)")
        #expect(capture.frames.count == damage.frameCount, "\(damage.name)")
        #expect(error.kind == damage.kind, "\(damage.name): \(error)")
        #expect(error.byteOffset == damage.offset, "\(damage.name): \(error)")
        #expect(error.exitCode == 2)
        #expect(error.description.contains("\"\(error.name)\"") && error.description.hasSuffix("."))
        #expect(error.description.contains("at byte \(damage.offset)"))
    }

    @Test func theErrorStays() throws {
        let build = Self.little
        try withTemporaryFile(build.pcapHeader() + build.pcapRecord() + [1, 2, 3]) { path in
            var reader = try CaptureReader(path: path)
            var record = FrameRecord()
            _ = try reader.next(&record)
            for _ in 0..<3 {
                do throws(CaptureFileError) {
                    _ = try reader.next(&record)
                    Issue.record("no error")
                } catch {
                    #expect(error.kind == .cutShort && error.byteOffset == 100)
                }
            }
        }
    }

    /// A small capture of each format, with the offsets where its frames end.
    private static let samples: [(bytes: [UInt8], frameEnds: [Int])] = {
        let b = CaptureBuilder(isBigEndian: true)
        func sample(_ pieces: [(bytes: [UInt8], isFrame: Bool)]) -> ([UInt8], [Int]) {
            var bytes: [UInt8] = []
            var ends: [Int] = []
            for piece in pieces {
                bytes += piece.bytes
                if piece.isFrame { ends.append(bytes.count) }
            }
            return (bytes, ends)
        }
        return [
            sample([
                (b.pcapHeader(), false), (b.pcapRecord(), true), (b.pcapRecord([1, 2, 3]), true), (b.pcapRecord([]), true),
                (b.pcapRecord(), true),
            ]),
            sample([
                (b.section(options: b.option(1, "a comment")), false), (b.interface(options: b.option(2, "eth0")), false),
                (b.enhanced(), true), (b.simple([1, 2, 3]), true),
                (b.block(4, b.option(1, [192, 0, 2, 1] + Array("host\0".utf8))), false),
                (b.obsolete(options: b.option(1, "a comment")), true), (little.section(), false),
                (little.interface(), false), (little.enhanced(options: little.option(1, "a comment")), true),
                (little.block(5, little.number(UInt32(0)) + little.ticks(5)), false), (little.block(99, [1]), false),
            ]),
        ]
    }()

    @Test(arguments: samples.indices)
    func everyCutDeliversExactlyTheWholeFramesBefore(_ index: Int) {
        let (bytes, frameEnds) = Self.samples[index]
        let whole = readCapture(bytes)
        #expect(whole.error == nil && whole.frames.count == frameEnds.count)
        for end in bytes.indices {
            let capture = readCapture(Array(bytes[..<end]))
            #expect(capture.frames == Array(whole.frames.prefix(frameEnds.count { $0 <= end })), "cut at \(end)")
        }
    }

    @Test(arguments: samples.indices)
    func noFlippedByteTraps(_ index: Int) {
        let (bytes, frameEnds) = Self.samples[index]
        for offset in bytes.indices {
            for mask in [0x01, 0x80, 0xff] as [UInt8] {
                var damaged = bytes
                damaged[offset] ^= mask
                let capture = readCapture(damaged)
                // What lies before the damage is not touched by it, unless it is the header that all hangs on.
                let sound = frameEnds.count { $0 <= offset }
                #expect(capture.frames.count >= sound, "byte \(offset)")
                #expect(capture.frames.allSatisfy { $0.bytes.count <= bytes.count })
            }
        }
    }

    @Test func noFlippedByteOfACompressedCaptureTraps() {
        let bytes = Self.samples[1].bytes
        for compress in [Compressed.gzip, Compressed.zstd, Compressed.lz4] {
            let packed = compress(bytes)
            for offset in packed.indices {
                var damaged = packed
                damaged[offset] ^= 0xff
                let capture = readCapture(damaged)
                #expect(capture.frames.count <= 100)
                #expect(readCapture(Array(packed[..<offset])).error != nil, "cut at \(offset)")
            }
        }
    }

    @Test func anAbsurdLengthCostsNoMemory() {
        let build = Self.little
        // 128 MiB are possible for a USB capture, so the reader has to try; it must not believe.
        let capture = readCapture(
            build.pcapHeader(linkType: 189) + build.pcapRecord() + build.pcapRecord(captured: 100_000_000))
        #expect(capture.frames.count == 1 && capture.error?.kind == .cutShort)
    }
}
