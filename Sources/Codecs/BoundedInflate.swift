import Wire

/// How a body of a protocol is compressed.
public enum BodyCompression: Hashable, Sendable {
    case gzip
    case zlib
    /// HTTP's "deflate": zlib's wrapper by RFC 9110 section 8.4.1.2, bare deflate blocks by the habit of some
    /// servers; told apart by the first two bytes.
    case deflate
    case rawDeflate
}

/// What came out of `inflate`.
public struct InflatedBytes: Hashable, Sendable {
    public var bytes: [UInt8]
    /// Whether the data ended where the format says and nothing was wrong.
    public var isComplete: Bool
    /// Whether output stopped at the limit.
    public var reachedLimit: Bool
    /// How much of the input was used: what follows is no part of the compressed data.
    public var consumedByteCount: Int
}

/// Decompresses `bytes` into at most `limit` bytes. Damage and missing input give what came before them.
public func inflate(_ bytes: ByteView, format: BodyCompression, limit: Int) -> InflatedBytes {
    var result = InflatedBytes(bytes: [], isComplete: false, reachedLimit: false, consumedByteCount: 0)
    guard !bytes.isEmpty, let decoder = try? InflateDecoder(wrapper(of: bytes, format)) else { return result }
    withUnsafeTemporaryAllocation(byteCount: 16 * 1024, alignment: 16) { piece in
        // Each turn consumes, produces or returns; output is at most one piece past the limit.
        while result.bytes.count <= limit {
            let input = bytes[result.consumedByteCount..<bytes.count]
            guard let step = try? decoder.decode(input, into: piece) else { return }
            result.consumedByteCount += step.consumedByteCount
            result.bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: piece[..<step.producedByteCount]))
            if decoder.isAtBoundary {
                // Another gzip member continues the data (RFC 1952 section 2.2).
                let rest = bytes[result.consumedByteCount..<bytes.count]
                result.isComplete = format != .gzip || CompressionFormat(startOf: rest) != .gzip
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

private func wrapper(of bytes: ByteView, _ format: BodyCompression) -> DeflateWrapper {
    switch format {
    case .gzip: return .gzip
    case .zlib: return .zlib
    case .rawDeflate: return .raw
    case .deflate:
        // RFC 1950 section 2.2: method 8, and the first two bytes are a multiple of 31.
        let isZlib = bytes.count >= 2 && bytes[0] & 0x0f == 8 && bytes.uint16(0) % 31 == 0
        return isZlib ? .zlib : .raw
    }
}
