import CLZ4
import Wire

/// Decompression of the LZ4 frame format through liblz4, which follows concatenated and skippable frames.
public final class LZ4FrameDecoder: StreamDecoder {
    private let context: OpaquePointer
    public private(set) var isAtBoundary = true

    public init() throws(CodecError) {
        var created: OpaquePointer?
        let status = LZ4F_createDecompressionContext(&created, UInt32(LZ4F_VERSION))
        guard LZ4F_isError(status) == 0, let created else { throw CodecError("liblz4 could not start") }
        context = created
    }

    deinit { LZ4F_freeDecompressionContext(context) }

    /// Every frame can be decoded without the ones before it.
    public func snapshot() -> (any StreamDecoder)? {
        isAtBoundary ? try? LZ4FrameDecoder() : nil
    }

    public func decode(
        _ input: ByteView, into output: UnsafeMutableRawBufferPointer
    ) throws(CodecError) -> DecodingStep {
        if input.isEmpty && isAtBoundary { return DecodingStep(consumedByteCount: 0, producedByteCount: 0) }
        // A failing call does not say what it had written: the smallest block size at a time keeps what came before.
        var producedByteCount = min(output.count, 64 * 1024)
        var consumedByteCount = input.count
        let status = input.withUnsafeBytes { bytes in
            LZ4F_decompress(context, output.baseAddress, &producedByteCount, bytes.baseAddress, &consumedByteCount, nil)
        }
        guard LZ4F_isError(status) == 0 else { throw CodecError(String(cString: LZ4F_getErrorName(status))) }
        if status == 0 {
            isAtBoundary = true
        } else if consumedByteCount > 0 || producedByteCount > 0 {
            isAtBoundary = false
        }
        return DecodingStep(consumedByteCount: consumedByteCount, producedByteCount: producedByteCount)
    }
}
