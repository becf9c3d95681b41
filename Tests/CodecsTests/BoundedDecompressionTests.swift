import Codecs
import CompressionSupport
import Testing
import Wire

private func decompress(_ bytes: [UInt8], _ format: BodyCompression, limit: Int = 1 << 20) -> DecompressedBytes {
    bytes.withUnsafeBytes { Codecs.decompress(ByteView($0), format: format, limit: limit) }
}

@Suite struct BoundedDecompressionTests {
    private static let plain = sampleBytes(100_000)

    private static let cases: [(BodyCompression, [UInt8])] = [
        (.gzip, Compressed.gzip(plain)), (.zlib, Compressed.zlib(plain)), (.rawDeflate, Compressed.rawDeflate(plain)),
        (.deflate, Compressed.zlib(plain)), (.deflate, Compressed.rawDeflate(plain)),
    ]

    @Test(arguments: cases.indices)
    func wholeBodies(_ index: Int) {
        let (format, packed) = Self.cases[index]
        let result = decompress(packed, format)
        #expect(result.bytes == Self.plain)
        #expect(result.isComplete && !result.reachedLimit)
        #expect(result.consumedByteCount == packed.count)
    }

    @Test(arguments: cases.indices)
    func cutBodiesGiveWhatThereIs(_ index: Int) {
        let (format, packed) = Self.cases[index]
        let result = decompress(Array(packed[..<(packed.count / 2)]), format)
        #expect(!result.isComplete && !result.reachedLimit)
        #expect(result.bytes.count > 1000 && Self.plain.starts(with: result.bytes))
    }

    @Test(arguments: cases.indices)
    func damagedBodiesGiveWhatCameBefore(_ index: Int) {
        let (format, packed) = Self.cases[index]
        for offset in stride(from: 0, to: packed.count, by: 61) {
            var damaged = packed
            damaged[offset] ^= 0xff
            let result = decompress(damaged, format)
            // Raw deflate has no checksum: it may end well with other bytes.
            #expect(format == .rawDeflate || format == .deflate || !result.isComplete || result.bytes == Self.plain)
            #expect(result.consumedByteCount <= damaged.count)
        }
    }

    @Test func theLimitHoldsToTheByte() {
        let packed = Compressed.gzip(Self.plain)
        for limit in [0, 1, 99_999, 100_000, 100_001] {
            let result = decompress(packed, .gzip, limit: limit)
            #expect(result.bytes.count == min(limit, 100_000))
            #expect(result.reachedLimit == (limit < 100_000))
            #expect(result.isComplete == (limit >= 100_000))
        }
    }

    @Test func aBombStopsAtTheLimit() {
        let packed = Compressed.gzip([UInt8](repeating: 0, count: 10_000_000))
        #expect(packed.count < 20_000)
        let result = decompress(packed, .gzip, limit: 50_000)
        #expect(result.bytes.count == 50_000 && result.reachedLimit)
    }

    @Test func whatFollowsIsLeftAlone() {
        let packed = Compressed.gzip([1, 2, 3])
        let result = decompress(packed + [9, 9, 9], .gzip)
        #expect(result.bytes == [1, 2, 3] && result.isComplete)
        #expect(result.consumedByteCount == packed.count)
        #expect(decompress(packed + packed, .gzip).bytes == [1, 2, 3, 1, 2, 3])
    }

    @Test func nothingGivesNothing() {
        #expect(decompress([], .gzip).bytes.isEmpty)
        #expect(!decompress([], .gzip).isComplete)
        #expect(decompress(Array("<html>".utf8), .gzip).bytes.isEmpty)
    }
}
