import CZstd
import Wire

/// Zstandard decompression (RFC 8878) through libzstd, which follows concatenated and skippable frames by itself
/// and refuses windows over 128 MiB.
public final class ZstandardDecoder: StreamDecoder {
    private let context: OpaquePointer
    public private(set) var isAtBoundary = true

    public init() throws(CodecError) {
        guard let context = ZSTD_createDCtx() else { throw CodecError("libzstd could not start") }
        self.context = context
    }

    deinit { ZSTD_freeDCtx(context) }

    /// Every frame can be decoded without the ones before it.
    public func snapshot() -> (any StreamDecoder)? {
        isAtBoundary ? try? ZstandardDecoder() : nil
    }

    public func decode(
        _ input: ByteView, into output: UnsafeMutableRawBufferPointer
    ) throws(CodecError) -> DecodingStep {
        if input.isEmpty && isAtBoundary { return DecodingStep(consumedByteCount: 0, producedByteCount: 0) }
        // A failing call does not say what it had written: one block at a time keeps all blocks before the damage.
        let room = min(output.count, ZSTD_DStreamOutSize())
        var outputBuffer = ZSTD_outBuffer(dst: output.baseAddress, size: room, pos: 0)
        var step = DecodingStep(consumedByteCount: 0, producedByteCount: 0)
        let status = input.withUnsafeBytes { bytes in
            var inputBuffer = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
            let status = ZSTD_decompressStream(context, &outputBuffer, &inputBuffer)
            step.consumedByteCount = inputBuffer.pos
            return status
        }
        step.producedByteCount = outputBuffer.pos
        guard ZSTD_isError(status) == 0 else { throw CodecError(String(cString: ZSTD_getErrorName(status))) }
        if status == 0 {
            isAtBoundary = true
        } else if step.consumedByteCount > 0 || step.producedByteCount > 0 {
            isAtBoundary = false
        }
        return step
    }
}
