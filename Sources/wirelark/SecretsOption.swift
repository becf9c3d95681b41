import CaptureFile
import Wire

/// `--inject-secrets type,file`.
enum SecretsOption {
    /// The types of decryption secrets blocks (draft-ietf-opsawg-pcapng section 4.7).
    private static let types: [String: UInt32] = ["tls": 0x544c_534b, "ssh": 0x5353_484b, "wg": 0x5747_4b4c]

    static func secrets(_ text: String) throws(CommandError) -> DecryptionSecrets {
        let parts = text.split(separator: ",", maxSplits: 1).map(String.init)
        guard let type = parts.first.flatMap({ types[$0] }), parts.count == 2 else {
            throw .usage("\"--inject-secrets \(text)\" doesn't follow the template \"type,file\"; the type is one of tls, ssh, wg.")
        }
        var bytes: [UInt8] = []
        do {
            try forEachPiece(ofFile: parts[1]) { bytes += $0.copy() }
        } catch {
            throw CommandError(error)
        }
        guard !bytes.isEmpty else { throw .failure("The file \"\(parts[1])\" is empty: it has no secrets.") }
        return DecryptionSecrets(type: type, bytes: bytes)
    }
}
