import Wire

/// Why compressed bytes could not be decoded.
public struct CodecError: Error, Hashable, Sendable {
    /// What the library said, without a full stop.
    public var message: String

    public init(_ message: String) { self.message = message }
}

/// What one step of a decoder did.
public struct DecodingStep: Hashable, Sendable {
    /// Bytes of the input that need not be given again.
    public var consumedByteCount: Int
    /// Bytes written at the start of the output.
    public var producedByteCount: Int
}

/// A decoder that is fed compressed bytes piece by piece, over any number of concatenated members or frames.
///
/// One exists per file and it is called once per piece, never per packet: hence a class.
public protocol StreamDecoder: AnyObject {
    /// Whether the input so far ends where a member or frame ends, so that the data may end here.
    var isAtBoundary: Bool { get }

    /// Decodes from the start of `input` into the start of `output`, as far as both go. A step that consumes and
    /// produces nothing needs more input.
    func decode(_ input: ByteView, into output: UnsafeMutableRawBufferPointer) throws(CodecError) -> DecodingStep

    /// A decoder that continues from the present state, apart from this one; nil where the format's library
    /// cannot copy its state (zstd and LZ4 in the middle of a frame).
    func snapshot() -> (any StreamDecoder)?
}

/// A compressed format of whole files, told by its first bytes.
public enum CompressionFormat: String, Hashable, Sendable {
    case gzip, zstd, lz4

    /// How many bytes `init(startOf:)` looks at.
    public static let magicByteCount = 4

    /// The format that `bytes` begin with (RFC 1952 section 2.3.1, RFC 8878 section 3.1, LZ4 frame format).
    public init?(startOf bytes: ByteView) {
        if bytes.count >= 2, bytes.uint16(0) == 0x1f8b {
            self = .gzip
            return
        }
        guard bytes.count >= 4 else { return nil }
        switch bytes.uint32LE(0) {
        case 0xfd2f_b528: self = .zstd
        case 0x184d_2204: self = .lz4
        default: return nil
        }
    }

    public func makeDecoder() throws(CodecError) -> any StreamDecoder {
        switch self {
        case .gzip: try InflateDecoder(.gzip)
        case .zstd: try ZstandardDecoder()
        case .lz4: try LZ4FrameDecoder()
        }
    }
}
