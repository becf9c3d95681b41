import CaptureFile
import Crypto
import Wire

/// Hashes of a file's bytes as they are stored, as hexadecimal text.
public struct FileHashes: Hashable, Sendable {
    public let sha256: String
    public let ripemd160: String
    public let sha1: String

    /// Reads the whole file.
    public init(path: String) throws(CaptureFileError) {
        var sha256 = SHA256()
        var ripemd160 = RIPEMD160()
        var sha1 = Insecure.SHA1()
        try forEachPiece(ofFile: path) { piece in
            piece.withUnsafeBytes {
                sha256.update(bufferPointer: $0)
                ripemd160.update($0)
                sha1.update(bufferPointer: $0)
            }
        }
        self.sha256 = hexText(sha256.finalize())
        self.ripemd160 = hexText(ripemd160.finalize())
        self.sha1 = hexText(sha1.finalize())
    }
}

/// Two digits for each byte.
func hexText(_ bytes: some Sequence<UInt8>) -> String {
    var text = TextBuffer(capacity: 64)
    for byte in bytes { text.append(hex: UInt64(byte), width: 2) }
    return text.string
}
