import Codecs
import CompressionSupport
import Testing
import Wire

/// Bytes that compress somewhat: runs of a counter, which repeat at growing distances.
func sampleBytes(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 / 7 ^ $0 / 1000 &* 31) }
}

private let compressors: [(CompressionFormat, @Sendable ([UInt8]) -> [UInt8])] = [
    (.gzip, Compressed.gzip), (.zstd, Compressed.zstd), (.lz4, Compressed.lz4),
]

/// Decodes all of `input`, given in pieces; throws what the decoder throws.
private func decode(
    _ input: [UInt8], with decoder: any StreamDecoder, inputPiece: Int, outputPiece: Int
) throws -> [UInt8] {
    var output: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: outputPiece)
    var start = 0
    while true {
        let end = min(start + inputPiece, input.count)
        let step = try input.withUnsafeBytes { input in
            try piece.withUnsafeMutableBytes { output in
                try decoder.decode(ByteView(UnsafeRawBufferPointer(rebasing: input[start..<end])), into: output)
            }
        }
        start += step.consumedByteCount
        output += piece[..<step.producedByteCount]
        if start == input.count && step.producedByteCount == 0 { return output }
    }
}

@Suite struct StreamDecoderTests {
    @Test(arguments: compressors.indices)
    func wholeAndInPieces(_ index: Int) throws {
        let (format, compress) = compressors[index]
        let plain = sampleBytes(300_000)
        let packed = compress(plain)
        #expect(packed.withUnsafeBytes { CompressionFormat(startOf: ByteView($0)) } == format)
        for (inputPiece, outputPiece) in [(packed.count, 400_000), (1, 5_000), (1000, 7), (77, 65_536)] {
            let decoder = try format.makeDecoder()
            let unpacked = try decode(packed, with: decoder, inputPiece: inputPiece, outputPiece: outputPiece)
            #expect(unpacked == plain)
            #expect(decoder.isAtBoundary)
        }
    }

    @Test(arguments: compressors.indices)
    func concatenatedMembersAreOneStream(_ index: Int) throws {
        let (format, compress) = compressors[index]
        let packed = compress([1, 2, 3]) + compress([]) + compress([4, 5])
        let decoder = try format.makeDecoder()
        #expect(try decode(packed, with: decoder, inputPiece: 5, outputPiece: 2) == [1, 2, 3, 4, 5])
        #expect(decoder.isAtBoundary)
    }

    @Test(arguments: compressors.indices)
    func everyCutIsAnUnfinishedStream(_ index: Int) throws {
        let (format, compress) = compressors[index]
        let plain = sampleBytes(500)
        let packed = compress(plain)
        for end in 1..<packed.count {
            let decoder = try format.makeDecoder()
            let unpacked = try decode(Array(packed[..<end]), with: decoder, inputPiece: 64, outputPiece: 64)
            #expect(!decoder.isAtBoundary)
            #expect(plain.starts(with: unpacked))
        }
    }

    @Test(arguments: compressors.indices)
    func aWrongChecksumIsRefused(_ index: Int) throws {
        let (format, compress) = compressors[index]
        var packed = compress(sampleBytes(500))
        packed[packed.count - (format == .gzip ? 8 : 1)] ^= 0x55
        let decoder = try format.makeDecoder()
        #expect(throws: CodecError.self) {
            try decode(packed, with: decoder, inputPiece: packed.count, outputPiece: 64)
        }
    }

    @Test(arguments: compressors.indices)
    func foreignBytesAfterTheEndAreRefused(_ index: Int) throws {
        let (format, compress) = compressors[index]
        let decoder = try format.makeDecoder()
        #expect(throws: CodecError.self) {
            try decode(
                compress(sampleBytes(500)) + Array("no such data".utf8), with: decoder, inputPiece: 50, outputPiece: 64)
        }
    }

    @Test func aSnapshotContinuesOnItsOwn() throws {
        let plain = sampleBytes(200_000)
        let packed = Compressed.gzip(plain)
        let decoder = try InflateDecoder(.gzip)
        let middle = packed.count / 2
        let first = try decode(Array(packed[..<middle]), with: decoder, inputPiece: 100, outputPiece: 1000)
        let copy = try #require(decoder.snapshot())
        for continued in [decoder, copy] as [any StreamDecoder] {
            let second = try decode(Array(packed[middle...]), with: continued, inputPiece: 99, outputPiece: 999)
            #expect(first + second == plain)
        }
    }

    @Test func framesCanOnlyBeReenteredWhereTheyStart() throws {
        for (format, compress) in compressors where format != .gzip {
            let packed = compress(sampleBytes(5000))
            let decoder = try format.makeDecoder()
            #expect(decoder.snapshot() != nil)
            _ = try decode(Array(packed[..<(packed.count / 2)]), with: decoder, inputPiece: 100, outputPiece: 1000)
            #expect(decoder.snapshot() == nil)
        }
    }

    @Test func otherBytesAreNoCompressedFile() {
        for bytes in [[], [0x1f], [0x1f, 0x8c, 0, 0], [0xd4, 0xc3, 0xb2, 0xa1], [0x28, 0xb5, 0x2f]] as [[UInt8]] {
            #expect(bytes.withUnsafeBytes { CompressionFormat(startOf: ByteView($0)) } == nil)
        }
    }
}
