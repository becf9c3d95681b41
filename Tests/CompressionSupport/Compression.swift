import CBrotliEncoder
import CLZ4
import CZlib
import CZstd

/// Compresses bytes for tests, through the libraries' own compressors.
public enum Compressed {
    public static func gzip(_ bytes: [UInt8]) -> [UInt8] { deflate(bytes, windowBits: MAX_WBITS + 16) }
    public static func zlib(_ bytes: [UInt8]) -> [UInt8] { deflate(bytes, windowBits: MAX_WBITS) }
    public static func rawDeflate(_ bytes: [UInt8]) -> [UInt8] { deflate(bytes, windowBits: -MAX_WBITS) }

    private static func deflate(_ bytes: [UInt8], windowBits: Int32) -> [UInt8] {
        var stream = z_stream()
        let status = deflateInit2_(
            &stream, 6, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK)
        defer { deflateEnd(&stream) }
        var input = bytes
        return [UInt8](unsafeUninitializedCapacity: Int(deflateBound(&stream, UInt(bytes.count))) + 64) { output, count in
            input.withUnsafeMutableBufferPointer { input in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                let status = CZlib.deflate(&stream, Z_FINISH)
                precondition(status == Z_STREAM_END)
            }
            count = output.count - Int(stream.avail_out)
        }
    }

    /// One zstd frame with a checksum.
    public static func zstd(_ bytes: [UInt8]) -> [UInt8] {
        let context = ZSTD_createCCtx()
        defer { ZSTD_freeCCtx(context) }
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
        return [UInt8](unsafeUninitializedCapacity: ZSTD_compressBound(bytes.count)) { output, count in
            count = ZSTD_compress2(context, output.baseAddress, output.count, bytes, bytes.count)
            precondition(ZSTD_isError(count) == 0)
        }
    }

    public static func brotli(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: BrotliEncoderMaxCompressedSize(bytes.count)) { output, count in
            count = output.count
            let status = BrotliEncoderCompress(
                BROTLI_DEFAULT_QUALITY, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_GENERIC, bytes.count, bytes, &count, output.baseAddress)
            precondition(status != 0)
        }
    }

    /// One LZ4 frame with a checksum of its contents.
    public static func lz4(_ bytes: [UInt8]) -> [UInt8] {
        var preferences = LZ4F_preferences_t()
        preferences.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled
        let capacity = LZ4F_compressFrameBound(bytes.count, &preferences)
        return [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
            count = LZ4F_compressFrame(output.baseAddress, output.count, bytes, bytes.count, &preferences)
            precondition(LZ4F_isError(count) == 0)
        }
    }
}
