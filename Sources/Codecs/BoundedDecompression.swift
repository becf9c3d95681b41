import Wire

/// How a body of a protocol is compressed.
public enum BodyCompression: Hashable, Sendable {
    case gzip
    case zlib
    /// HTTP's "deflate": zlib's wrapper by RFC 9110 section 8.4.1.2, bare deflate blocks by the habit of some
    /// servers; told apart by the first two bytes.
    case deflate
    case rawDeflate
    /// RFC 7932.
    case brotli
    /// RFC 8878.
    case zstd

    fileprivate func makeDecoder(for bytes: ByteView) throws(CodecError) -> any StreamDecoder {
        switch self {
        case .gzip: return try InflateDecoder(.gzip)
        case .zlib: return try InflateDecoder(.zlib)
        case .rawDeflate: return try InflateDecoder(.raw)
        case .deflate:
            // RFC 1950 section 2.2: method 8, and the first two bytes are a multiple of 31.
            let isZlib = bytes.count >= 2 && bytes[0] & 0x0f == 8 && bytes.uint16(0) % 31 == 0
            return try InflateDecoder(isZlib ? .zlib : .raw)
        case .brotli: return try BrotliDecoder()
        case .zstd: return try ZstandardDecoder()
        }
    }

    /// Whether `rest`, which follows what may be the end, goes on with the same data: another gzip member (RFC 1952
    /// section 2.2), another zstd frame (RFC 8878 section 3).
    fileprivate func isContinued(by rest: ByteView) -> Bool {
        switch self {
        case .gzip: CompressionFormat(startOf: rest) == .gzip
        case .zstd: CompressionFormat(startOf: rest) == .zstd
        default: false
        }
    }
}

/// What came out of `decompress`.
public struct DecompressedBytes: Hashable, Sendable {
    public var bytes: [UInt8]
    /// Whether the data ended where the format says and nothing was wrong.
    public var isComplete: Bool
    /// Whether output stopped at the limit.
    public var reachedLimit: Bool
    /// How much of the input was used: what follows is no part of the compressed data.
    public var consumedByteCount: Int
}

/// Decompresses `bytes` into at most `limit` bytes. Damage and missing input give what came before them.
public func decompress(_ bytes: ByteView, format: BodyCompression, limit: Int) -> DecompressedBytes {
    guard !bytes.isEmpty, let decoder = try? format.makeDecoder(for: bytes) else {
        return DecompressedBytes(bytes: [], isComplete: false, reachedLimit: false, consumedByteCount: 0)
    }
    return decompress(bytes, with: decoder, limit: limit) { !format.isContinued(by: $0) }
}

/// Decompresses `bytes` with a decoder that may have decoded others before.
/// - Parameter isEnd: whether the data ends at a boundary that these bytes follow.
func decompress(_ bytes: ByteView, with decoder: any StreamDecoder, limit: Int, isEnd: (ByteView) -> Bool) -> DecompressedBytes {
    var result = DecompressedBytes(bytes: [], isComplete: false, reachedLimit: false, consumedByteCount: 0)
    withUnsafeTemporaryAllocation(byteCount: 16 * 1024, alignment: 16) { piece in
        // Each turn consumes, produces or returns; output is at most one piece past the limit.
        while result.bytes.count <= limit {
            let input = bytes[result.consumedByteCount..<bytes.count]
            guard let step = try? decoder.decode(input, into: piece) else { return }
            result.consumedByteCount += step.consumedByteCount
            result.bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: piece[..<step.producedByteCount]))
            if decoder.isAtBoundary {
                result.isComplete = isEnd(bytes[result.consumedByteCount..<bytes.count])
                if result.isComplete { return }
            } else if step.producedByteCount == 0 && step.consumedByteCount == 0 {
                return
            }
        }
    }
    if result.bytes.count > limit {
        result.bytes.removeLast(result.bytes.count - max(limit, 0))
        result.reachedLimit = true
        result.isComplete = false
    }
    return result
}

/// Messages that one side of a connection deflates one behind the other, each with what was before it as its history
/// (RFC 7692, section 7.2).
public final class MessageInflater {
    private let decoder: InflateDecoder

    public init?() {
        guard let decoder = try? InflateDecoder(.raw) else { return nil }
        self.decoder = decoder
    }

    /// Decompresses the next message into at most `limit` bytes. Where that fails, so do those behind it.
    public func next(_ message: ByteView, limit: Int) -> DecompressedBytes {
        var result = decompress(message, with: decoder, limit: limit) { $0.isEmpty }
        guard result.consumedByteCount == message.count, !result.reachedLimit else { return result }
        // The end of the last block, which the sender leaves out (section 7.2.1).
        let tail: [UInt8] = [0, 0, 0xff, 0xff]
        let rest = tail.withUnsafeBytes { decompress(ByteView($0), with: decoder, limit: limit - result.bytes.count) { $0.isEmpty } }
        result.bytes += rest.bytes
        result.reachedLimit = rest.reachedLimit
        result.isComplete = rest.consumedByteCount == tail.count && !rest.reachedLimit
        return result
    }
}
