import CaptureFile
import CompressionSupport
import Testing
import Wire

@Suite struct FrameSourceTests {
    /// A pcapng file of `frameCount` frames of different lengths, in sections of both byte orders.
    private static func mixedCapture(frameCount: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        for index in 0..<frameCount {
            let build = CaptureBuilder(isBigEndian: index / 100 % 2 == 1)
            if index % 100 == 0 { bytes += build.section() + build.interface(1, snapLength: 50) + build.interface(101) }
            let payload = (0..<index % 61).map { UInt8(truncatingIfNeeded: $0 ^ index ^ index >> 8) }
            switch index % 3 {
            case 0: bytes += build.enhanced(payload, ticks: UInt64(index), options: build.option(1, "comment \(index)"))
            case 1: bytes += build.simple(Array(payload.prefix(50)), original: payload.count)
            default: bytes += build.obsolete(payload, interface: 1) + build.interface(108)
            }
        }
        return bytes
    }

    private static let compressors: [@Sendable ([UInt8]) -> [UInt8]] = [
        { $0 }, Compressed.gzip, Compressed.zstd, Compressed.lz4,
        // Two members or frames.
        { Compressed.gzip(Array($0[..<5000])) + Compressed.gzip(Array($0[5000...])) },
        { Compressed.zstd(Array($0[..<5000])) + Compressed.zstd(Array($0[5000...])) },
    ]

    @Test(arguments: compressors.indices)
    func anyRecordInAnyOrder(_ index: Int) throws {
        try withTemporaryFile(Self.compressors[index](Self.mixedCapture(frameCount: 500))) { path in
            let whole = readCapture(path: path)
            #expect(whole.frames.count == 500 && whole.error == nil)
            var reader = try CaptureReader(path: path)
            var record = FrameRecord()
            while try reader.next(&record) != nil {}
            var source = try FrameSource(reader)
            var bytes: [UInt8] = []
            // 263 has no divisor in common with 500: every frame comes by once.
            for step in 0..<500 {
                let position = step * 263 % 500
                try source.bytes(of: whole.records[position].locator, into: &bytes)
                #expect(bytes == whole.frames[position].bytes)
                let again = try source.record(at: whole.records[position].locator, &record).copy()
                #expect(ReadCapture.Frame(record, again) == whole.frames[position])
                #expect(record.sectionNumber == whole.records[position].sectionNumber)
                #expect(record.interfaceIndex == whole.records[position].interfaceIndex)
            }
        }
    }

    @Test func walkingFromARecord() throws {
        try withTemporaryFile(Self.mixedCapture(frameCount: 300)) { path in
            let whole = readCapture(path: path)
            var reader = try CaptureReader(path: path)
            var record = FrameRecord()
            while try reader.next(&record) != nil {}
            var source = try FrameSource(reader)
            for start in stride(from: 0, to: 300, by: 32) {
                for skipped in [0, 1, 31, 150] where start + skipped < 300 {
                    let bytes = try source.record(at: whole.records[start].locator, skipping: skipped, &record).copy()
                    #expect(ReadCapture.Frame(record, bytes) == whole.frames[start + skipped])
                    let following = try source.next(&record)?.copy()
                    #expect(following == (start + skipped + 1 < 300 ? whole.frames[start + skipped + 1].bytes : nil))
                }
            }
        }
    }

    @Test func aSourceKnowsWhatItsReaderHasRead() throws {
        try withTemporaryFile(Self.mixedCapture(frameCount: 300)) { path in
            let whole = readCapture(path: path)
            var reader = try CaptureReader(path: path)
            var record = FrameRecord()
            _ = try reader.next(&record)
            var source = try FrameSource(reader)
            var bytes: [UInt8] = []
            try source.bytes(of: record.locator, into: &bytes)
            #expect(bytes == whole.frames[0].bytes)
            for locator in [whole.records[299].locator, RecordLocator.none] {
                do throws(CaptureFileError) {
                    try source.bytes(of: locator, into: &bytes)
                    Issue.record("no error")
                } catch {
                    #expect(error.kind == .notAccessible)
                }
            }
            while try reader.next(&record) != nil {}
            source.update(from: reader)
            try source.bytes(of: whole.records[299].locator, into: &bytes)
            #expect(bytes == whole.frames[299].bytes)
        }
    }

    /// Large enough for several checkpoints: 24 MB of contents.
    @Test func checkpointsOfALargeCapture() throws {
        let build = CaptureBuilder()
        var bytes = build.pcapHeader()
        let filler = [UInt8](repeating: 0xaa, count: 996)
        for index in 0..<24_000 { bytes += build.pcapRecord(build.number(UInt32(index)) + filler) }
        for compress in [Compressed.gzip, Compressed.zstd, Compressed.lz4] {
            try withTemporaryFile(compress(bytes)) { path in
                var reader = try CaptureReader(path: path)
                var record = FrameRecord()
                var locators: [RecordLocator] = []
                while try reader.next(&record) != nil { locators.append(record.locator) }
                #expect(locators.count == 24_000)
                var source = try FrameSource(reader)
                for index in [23_999, 0, 12_000, 11_000, 20_000, 20_001, 3, 23_998] {
                    let number = try source.record(at: locators[index], &record).uint32LE(0)
                    #expect(number == UInt32(index))
                    #expect(record.number == UInt32(index) + 1)
                }
            }
        }
    }

    @Test func aFileThatShrankIsAnErrorAndNoSignal() throws {
        let build = CaptureBuilder()
        let bytes = build.pcapHeader() + (0..<2000).flatMap { _ in build.pcapRecord() }
        try withTemporaryFile(bytes) { path in
            var reader = try CaptureReader(path: path)
            var record = FrameRecord()
            while try reader.next(&record) != nil {}
            var source = try FrameSource(reader)
            #expect(truncateFile(path, to: 5000))
            do throws(CaptureFileError) {
                _ = try source.record(at: record.locator, &record)
                Issue.record("no error")
            } catch {
                #expect(error.kind == .notAccessible)
            }
        }
    }
}
