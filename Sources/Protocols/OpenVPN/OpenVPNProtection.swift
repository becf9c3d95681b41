import Dissection
import Wire

/// How the packets of a control channel are protected before TLS is agreed on. Nothing in a packet says so: a key is configured on both
/// sides (`--tls-auth`, `--tls-crypt`) or none is.
///
///     tls-auth:   HMAC, 16 to 64 bytes; number of the packet, 4 bytes; time, 4 bytes
///     tls-crypt:  number of the packet, 4 bytes; time, 4 bytes; HMAC, 32 bytes
///
/// The time is that of the sender when its numbers began: one that fits the frame's own tells where the number stands.
struct OpenVPNProtection: Sendable {
    enum Form: Equatable {
        case plain
        case authenticated(hmacByteCount: Int)
        case encrypted
    }

    static let encryptedHMACByteCount = 32
    /// Those of SHA-1, SHA-256, SHA-512, MD5, SHA-224 and SHA-384.
    private static let usualHMACByteCounts = [20, 32, 64, 16, 28, 48]
    /// Seconds for which a tunnel may be up, and by which clocks may differ.
    private static let age: Int64 = 366 * 86400
    private static let difference: Int64 = 86400
    /// Acknowledgments in a packet, at most.
    private static let acknowledgmentLimit: UInt8 = 8

    private let isChosen, isAuthenticated, isEncrypted: Bool
    private let hmacByteCount: Int
    /// Whether a time follows the number of the packet.
    let isLong: Bool

    init(registering r: inout Registrar) {
        isChosen = r.preference("openvpn.tls_auth_detection_override", "Whether openvpn.tls_auth says what the packets say themselves otherwise", default: false)
        isEncrypted = r.preference("openvpn.tls_crypt", "Whether control channels use tls-crypt", default: false)
        isAuthenticated = r.preference("openvpn.tls_auth", "Whether control channels use tls-auth", default: false)
        hmacByteCount = Int(r.preference("openvpn.tls_auth_hmac_size", "Bytes of the HMAC of tls-auth, where packets do not tell", default: 20))
        isLong = r.preference("openvpn.long_format", "Whether a time follows the number of a packet with tls-auth", default: true)
    }

    /// - Parameter reader: stands behind the session.
    func form(of reader: Reader, opcode: UInt8, _ context: borrowing Context) -> Form {
        if opcode == OpenVPNOpcode.wrappedReset || opcode == OpenVPNOpcode.wrappedControl || isEncrypted { return .encrypted }
        if isChosen { return isAuthenticated ? .authenticated(hmacByteCount: hmacByteCount) : .plain }
        let bytes = reader.capturedBytes
        guard bytes.count >= 4 else { return .plain }
        if Self.isCount(bytes.uint32(0)), hasTime(bytes, at: 4, context) { return .encrypted }
        if bytes[0] <= Self.acknowledgmentLimit, bytes[1] == 0, bytes[2] == 0 { return .plain }
        if isLong {
            for byteCount in [hmacByteCount] + Self.usualHMACByteCounts where hasTime(bytes, at: byteCount + 4, context) {
                if byteCount + 8 < bytes.count, bytes[byteCount + 8] <= Self.acknowledgmentLimit { return .authenticated(hmacByteCount: byteCount) }
            }
        }
        let zeroCount = (0..<4).count { bytes[$0] == 0 }
        return bytes[0] != 0 && zeroCount < 2 ? .authenticated(hmacByteCount: hmacByteCount) : .plain
    }

    /// Whether numbers of packets come to be so: they begin at 1, or, where the client has a key of its own, at one with a high first byte,
    /// which no count of acknowledgments has.
    private static func isCount(_ number: UInt32) -> Bool { number < 1 << 16 || number >> 24 > acknowledgmentLimit && number & 0xfe_ff00 == 0 }

    /// Whether a number and a time stand so that the time is at `offset`.
    private func hasTime(_ bytes: ByteView, at offset: Int, _ context: borrowing Context) -> Bool {
        guard offset >= 4, bytes.count >= offset + 4, bytes.uint32(offset - 4) != 0, context.frame.hasTimestamp else { return false }
        let passed = context.frame.timestamp.seconds - Int64(bytes.uint32(offset))
        return (-Self.difference...Self.age).contains(passed)
    }
}
