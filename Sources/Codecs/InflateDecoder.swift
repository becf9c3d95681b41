import CZlib
import Wire

/// What surrounds deflated data (RFC 1951).
public enum DeflateWrapper: Hashable, Sendable {
    /// RFC 1952; concatenated members are one stream.
    case gzip
    /// RFC 1950.
    case zlib
    /// Bare deflate blocks.
    case raw

    /// zlib's way to say it: the window's logarithm, plus 16 for gzip, negated for none.
    var windowBits: Int32 {
        switch self {
        case .gzip: MAX_WBITS + 16
        case .zlib: MAX_WBITS
        case .raw: -MAX_WBITS
        }
    }
}

/// Deflate decompression through zlib.
///
/// ## Safety
/// zlib keeps a pointer to its `z_stream` and refuses a moved one, so the stream lives on the heap for as long as
/// the object. Its input and output pointers are set for each call and reset after it.
public final class InflateDecoder: StreamDecoder {
    private let wrapper: DeflateWrapper
    private let stream: UnsafeMutablePointer<z_stream>
    public private(set) var isAtBoundary = true

    public init(_ wrapper: DeflateWrapper) throws(CodecError) {
        self.wrapper = wrapper
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let status = inflateInit2_(
            stream, wrapper.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else {
            throw CodecError("zlib could not start (status \(status))")
        }
    }

    private init?(copying other: InflateDecoder) {
        wrapper = other.wrapper
        isAtBoundary = other.isAtBoundary
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard inflateCopy(stream, other.stream) == Z_OK else { return nil }
    }

    deinit {
        inflateEnd(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
    }

    public func snapshot() -> (any StreamDecoder)? { InflateDecoder(copying: self) }

    public func decode(
        _ input: ByteView, into output: UnsafeMutableRawBufferPointer
    ) throws(CodecError) -> DecodingStep {
        if input.isEmpty && isAtBoundary { return DecodingStep(consumedByteCount: 0, producedByteCount: 0) }
        if isAtBoundary, wrapper == .gzip, input[0] != 0x1f {
            throw CodecError("data after the end of a gzip member is not another member")
        }
        // zlib counts in 32 bits; what does not fit is left for the next step.
        let inputCount = min(input.count, 1 << 30)
        let outputCount = min(output.count, 1 << 30)
        let status = input.withUnsafeBytes { bytes in
            // zlib does not write through its input pointer.
            stream.pointee.next_in = UnsafeMutablePointer(
                mutating: bytes.bindMemory(to: UInt8.self).baseAddress)
            stream.pointee.avail_in = UInt32(inputCount)
            stream.pointee.next_out = output.bindMemory(to: UInt8.self).baseAddress
            stream.pointee.avail_out = UInt32(outputCount)
            return inflate(stream, Z_NO_FLUSH)
        }
        let step = DecodingStep(
            consumedByteCount: inputCount - Int(stream.pointee.avail_in),
            producedByteCount: outputCount - Int(stream.pointee.avail_out))
        stream.pointee.next_in = nil
        stream.pointee.next_out = nil
        try note(status, after: step)
        return step
    }

    private func note(_ status: Int32, after step: DecodingStep) throws(CodecError) {
        switch status {
        case Z_OK, Z_BUF_ERROR:
            if step.consumedByteCount > 0 || step.producedByteCount > 0 { isAtBoundary = false }
        case Z_STREAM_END:
            isAtBoundary = true
            inflateReset(stream)
        default:
            // What a failing call had produced is sound up to the damage, and zlib repeats the error when it is
            // called again.
            isAtBoundary = false
            if step.producedByteCount > 0 && status == Z_DATA_ERROR { return }
            throw CodecError(stream.pointee.msg.map { String(cString: $0) } ?? "zlib status \(status)")
        }
    }
}
