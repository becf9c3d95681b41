import CBrotli
import Wire

/// Brotli decompression (RFC 7932) through libbrotlidec, without the large windows that are no part of the RFC.
public final class BrotliDecoder: StreamDecoder {
    private let state: OpaquePointer
    public var isAtBoundary: Bool { BrotliDecoderIsFinished(state) != 0 }

    public init() throws(CodecError) {
        guard let state = BrotliDecoderCreateInstance(nil, nil, nil) else { throw CodecError("libbrotlidec could not start") }
        self.state = state
    }

    deinit { BrotliDecoderDestroyInstance(state) }

    public func snapshot() -> (any StreamDecoder)? { nil }

    public func decode(
        _ input: ByteView, into output: UnsafeMutableRawBufferPointer
    ) throws(CodecError) -> DecodingStep {
        if isAtBoundary { return DecodingStep(consumedByteCount: 0, producedByteCount: 0) }
        var inputCount = input.count
        var outputCount = output.count
        let status = input.withUnsafeBytes { bytes in
            var next = bytes.bindMemory(to: UInt8.self).baseAddress
            var place = output.bindMemory(to: UInt8.self).baseAddress
            return BrotliDecoderDecompressStream(state, &inputCount, &next, &outputCount, &place, nil)
        }
        let step = DecodingStep(consumedByteCount: input.count - inputCount, producedByteCount: output.count - outputCount)
        // What a failing call had produced is sound up to the damage; the next call fails again.
        if status == BROTLI_DECODER_RESULT_ERROR, step.producedByteCount == 0 {
            throw CodecError(String(cString: BrotliDecoderErrorString(BrotliDecoderGetErrorCode(state))))
        }
        return step
    }
}
