import CaptureFile
import Wire

/// `--export-tls-session-keys FILE`: the master secrets in the key logs that a capture holds. Nothing is decrypted here, so no others are known.
struct KeyExport {
    /// TLSK, the type of blocks with a key log of TLS.
    private static let type: UInt32 = 0x544c_534b
    private static let masterSecretDigitCount = 96

    private let output: OutputFile

    /// - Parameter input: the file that is read, which is not to be written over.
    init(_ path: String, besides input: String) throws(CommandError) {
        do { output = try OutputFile(path: path, besides: [input]) } catch { throw CommandError(error) }
    }

    /// Writes each secret once: those of sessions, then those of handshakes.
    func write(_ metadata: borrowing CaptureMetadata) throws(CaptureFileError) {
        var lines: [[String]] = [[], []]
        var known: Set<String> = []
        for secrets in metadata.secrets where secrets.type == Self.type {
            for line in String(decoding: secrets.bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
                guard let (kind, text) = Self.masterSecret(line), known.insert(text).inserted else { continue }
                lines[kind].append(text)
            }
        }
        var out = TextBuffer()
        for line in lines.joined() { out.append(line + "\n") }
        try output.write(out.bytes)
    }

    /// The line as it is written, its digits in lower case: 0 for a session's, 1 for a handshake's; nil for what is neither. Secrets of
    /// TLS 1.3 are no master secrets.
    private static func masterSecret(_ line: Substring) -> (kind: Int, text: String)? {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3 else { return nil }
        if words[0] == "CLIENT_RANDOM" {
            guard words[1].count == 64, isHex(words[1]), words[2].count == masterSecretDigitCount, isHex(words[2]) else { return nil }
            return (1, "CLIENT_RANDOM \(words[1].lowercased()) \(words[2].lowercased())")
        }
        let (session, secret) = (words[1].split(separator: ":"), words[2].split(separator: ":"))
        guard words[0] == "RSA", session.first == "Session-ID", session.count == 2, session[1].count <= 64, isHex(session[1]),
            secret.first == "Master-Key", secret.count == 2, secret[1].count == masterSecretDigitCount, isHex(secret[1])
        else { return nil }
        return (0, "RSA Session-ID:\(session[1].lowercased()) Master-Key:\(secret[1].lowercased())")
    }

    private static func isHex(_ text: Substring) -> Bool { text.count.isMultiple(of: 2) && text.allSatisfy { $0.isASCII && $0.isHexDigit } }
}
