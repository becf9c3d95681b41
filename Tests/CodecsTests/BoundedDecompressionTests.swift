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
        (.deflate, Compressed.zlib(plain)), (.deflate, Compressed.rawDeflate(plain)), (.zstd, Compressed.zstd(plain)),
        (.brotli, Compressed.brotli(plain)),
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
        // A block of zstd, which has up to 128 KB, is decoded as a whole.
        #expect(result.bytes.count > (format == .zstd ? -1 : 1000) && Self.plain.starts(with: result.bytes))
    }

    @Test(arguments: cases.indices)
    func damagedBodiesGiveWhatCameBefore(_ index: Int) {
        let (format, packed) = Self.cases[index]
        for offset in stride(from: 0, to: packed.count, by: 61) {
            var damaged = packed
            damaged[offset] ^= 0xff
            let result = decompress(damaged, format)
            // Raw deflate and brotli have no checksum: they may end well with other bytes.
            #expect([.rawDeflate, .deflate, .brotli].contains(format) || !result.isComplete || result.bytes == Self.plain)
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

    @Test func zstandardFramesAreOneBody() {
        let packed = Compressed.zstd([1, 2, 3])
        let result = decompress(packed + packed + [9], .zstd)
        #expect(result.bytes == [1, 2, 3, 1, 2, 3] && result.isComplete)
        #expect(result.consumedByteCount == 2 * packed.count)
    }

    @Test func aBrotliBombStopsAtTheLimit() {
        let packed = Compressed.brotli([UInt8](repeating: 0, count: 10_000_000))
        let result = decompress(packed, .brotli, limit: 50_000)
        #expect(packed.count < 1000 && result.bytes.count == 50_000 && result.reachedLimit)
    }

    @Test func aCutZstandardBodyGivesItsWholeBlocks() {
        let plain = (0..<400_000).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 11) }
        let packed = Compressed.zstd(plain)
        let result = decompress(Array(packed[..<(packed.count * 3 / 4)]), .zstd)
        #expect(!result.isComplete && result.bytes.count >= 1 << 17 && plain.starts(with: result.bytes))
    }

    @Test func nothingGivesNothing() {
        #expect(decompress([], .gzip).bytes.isEmpty)
        #expect(!decompress([], .gzip).isComplete)
        #expect(decompress(Array("<html>".utf8), .gzip).bytes.isEmpty)
    }
}

@Suite struct MessageInflaterTests {
    /// Two messages of one connection: the second refers to the first.
    private static let messages: [[UInt8]] = [
        [0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00], [0xf2, 0x00, 0x11, 0x00, 0x00],
    ]

    private static func next(_ inflater: MessageInflater, _ message: [UInt8], limit: Int = 100) -> DecompressedBytes {
        message.withUnsafeBytes { inflater.next(ByteView($0), limit: limit) }
    }

    /// RFC 7692, sections 7.2.3.1 and 7.2.3.2.
    @Test func messagesHaveThoseBeforeThemAsTheirHistory() throws {
        let inflater = try #require(MessageInflater())
        for message in Self.messages {
            let result = Self.next(inflater, message)
            #expect(result.isComplete && result.bytes == Array("Hello".utf8))
        }
    }

    @Test func withoutItsHistoryAMessageFails() throws {
        let inflater = try #require(MessageInflater())
        #expect(!Self.next(inflater, Self.messages[1]).isComplete)
    }

    @Test func theLimitHolds() throws {
        let inflater = try #require(MessageInflater())
        let result = Self.next(inflater, Self.messages[0], limit: 3)
        #expect(result.bytes == Array("Hel".utf8) && result.reachedLimit && !result.isComplete)
    }

    @Test func anEmptyMessageIsOne() throws {
        let inflater = try #require(MessageInflater())
        let result = Self.next(inflater, [0x02, 0x00])
        #expect(result.isComplete && result.bytes.isEmpty)
    }
}
