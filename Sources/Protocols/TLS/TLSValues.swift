import Dissection

/// Names from IANA's TLS registries (Transport Layer Security Parameters, TLS Extensions), as far as they are short.
enum TLSValues {
    static let contentTypes = ValueStrings([
        (20, "Change Cipher Spec"), (21, "Alert"), (22, "Handshake"), (23, "Application Data"), (24, "Heartbeat"), (25, "Connection ID"),
    ])
    /// With the drafts of TLS 1.3 and the values that RFC 8701 reserves.
    static let versions = ValueStrings([
        (0x0002, "SSL 2.0"), (0x0300, "SSL 3.0"), (0x0301, "TLS 1.0"), (0x0101, "GMTLS"), (0x0302, "TLS 1.1"), (0x0303, "TLS 1.2"),
        (0x0304, "TLS 1.3"), (0x7f0e, "TLS 1.3 (draft 14)"), (0x7f0f, "TLS 1.3 (draft 15)"), (0x7f10, "TLS 1.3 (draft 16)"),
        (0x7f11, "TLS 1.3 (draft 17)"), (0x7f12, "TLS 1.3 (draft 18)"), (0x7f13, "TLS 1.3 (draft 19)"), (0x7f14, "TLS 1.3 (draft 20)"),
        (0x7f15, "TLS 1.3 (draft 21)"), (0x7f16, "TLS 1.3 (draft 22)"), (0x7f17, "TLS 1.3 (draft 23)"), (0x7f18, "TLS 1.3 (draft 24)"),
        (0x7f19, "TLS 1.3 (draft 25)"), (0x7f1a, "TLS 1.3 (draft 26)"), (0x7f1b, "TLS 1.3 (draft 27)"), (0x7f1c, "TLS 1.3 (draft 28)"),
        (0xfb17, "TLS 1.3 (Facebook draft 23)"), (0xfb1a, "TLS 1.3 (Facebook draft 26)"), (0x0100, "DTLS 1.0 (OpenSSL pre 0.9.8f)"),
        (0xfeff, "DTLS 1.0"), (0xfefd, "DTLS 1.2"), (0x0a0a, "Reserved (GREASE)"), (0x1a1a, "Reserved (GREASE)"),
        (0x2a2a, "Reserved (GREASE)"), (0x3a3a, "Reserved (GREASE)"), (0x4a4a, "Reserved (GREASE)"), (0x5a5a, "Reserved (GREASE)"),
        (0x6a6a, "Reserved (GREASE)"), (0x7a7a, "Reserved (GREASE)"), (0x8a8a, "Reserved (GREASE)"), (0x9a9a, "Reserved (GREASE)"),
        (0xaaaa, "Reserved (GREASE)"), (0xbaba, "Reserved (GREASE)"), (0xcaca, "Reserved (GREASE)"), (0xdada, "Reserved (GREASE)"),
        (0xeaea, "Reserved (GREASE)"), (0xfafa, "Reserved (GREASE)"),
    ])
    static let alertLevels = ValueStrings([
        (1, "Warning"), (2, "Fatal"),
    ])
    static let alerts = ValueStrings([
        (0, "Close Notify"), (1, "End of Early Data"), (10, "Unexpected Message"), (20, "Bad Record MAC"), (21, "Decryption Failed"),
        (22, "Record Overflow"), (30, "Decompression Failure"), (40, "Handshake Failure"), (41, "No Certificate"),
        (42, "Bad Certificate"), (43, "Unsupported Certificate"), (44, "Certificate Revoked"), (45, "Certificate Expired"),
        (46, "Certificate Unknown"), (47, "Illegal Parameter"), (48, "Unknown CA"), (49, "Access Denied"), (50, "Decode Error"),
        (51, "Decrypt Error"), (60, "Export Restriction"), (70, "Protocol Version"), (71, "Insufficient Security"),
        (80, "Internal Error"), (86, "Inappropriate Fallback"), (90, "User Canceled"), (100, "No Renegotiation"),
        (109, "Missing Extension"), (110, "Unsupported Extension"), (111, "Certificate Unobtainable"), (112, "Unrecognized Name"),
        (113, "Bad Certificate Status Response"), (114, "Bad Certificate Hash Value"), (115, "Unknown PSK Identity"),
        (116, "Certificate Required"), (120, "No application Protocol"), (121, "ECH Required"),
    ])
    /// Handshake messages of SSL 2.0.
    static let oldMessageTypes = ValueStrings([
        (0, "Error"), (1, "Client Hello"), (2, "Client Master Key"), (3, "Client Finished"), (4, "Server Hello"), (5, "Server Verify"),
        (6, "Server Finished"), (7, "Request Certificate"), (8, "Client Certificate"),
    ])
    static let handshakeTypes = ValueStrings([
        (0, "Hello Request"), (1, "Client Hello"), (2, "Server Hello"), (3, "Hello Verify Request"), (4, "New Session Ticket"),
        (5, "End of Early Data"), (6, "Hello Retry Request"), (8, "Encrypted Extensions"), (11, "Certificate"),
        (12, "Server Key Exchange"), (13, "Certificate Request"), (14, "Server Hello Done"), (15, "Certificate Verify"),
        (16, "Client Key Exchange"), (20, "Finished"), (21, "Client Certificate URL"), (22, "Certificate Status"),
        (23, "Supplemental Data"), (24, "Key Update"), (25, "Compressed Certificate"), (67, "Encrypted Extensions"),
    ])
    static let compressionMethods = ValueStrings([
        (0, "null"), (1, "DEFLATE"), (64, "LZS"),
    ])
    static let pointFormats = ValueStrings([
        (0, "uncompressed"), (1, "ansiX962_compressed_prime"), (2, "ansiX962_compressed_char2"),
    ])
    static let curveTypes = ValueStrings([
        (1, "explicit_prime"), (2, "explicit_char2"), (3, "named_curve"),
    ])
    static let fragmentLengths = ValueStrings([
        (1, "512"), (2, "1024"), (3, "2048"), (4, "4096"),
    ])
    static let hashAlgorithms = ValueStrings([
        (0, "None"), (1, "MD5"), (2, "SHA1"), (3, "SHA224"), (4, "SHA256"), (5, "SHA384"), (6, "SHA512"), (7, "SM3"),
    ])
    static let signatureAlgorithms = ValueStrings([
        (0, "Anonymous"), (1, "RSA"), (2, "DSA"), (3, "ECDSA"), (4, "SM2"),
    ])
    static let nameTypes = ValueStrings([
        (0, "host_name"),
    ])
    static let pskModes = ValueStrings([
        (0, "PSK-only key establishment (psk_ke)"), (1, "PSK with (EC)DHE key establishment (psk_dhe_ke)"),
    ])
    static let chainTypes = ValueStrings([
        (1, "Individual Certificates"), (2, "PKI Path"),
    ])
    static let heartbeatModes = ValueStrings([
        (1, "Peer allowed to send requests"), (2, "Peer not allowed to send requests"),
    ])
    static let heartbeatTypes = ValueStrings([
        (1, "Request"), (2, "Response"),
    ])
    static let statusTypes = ValueStrings([
        (1, "OCSP"), (2, "OCSP Multi"),
    ])
    static let keyUpdateRequests = ValueStrings([
        (0, "update_not_requested"), (1, "update_requested"),
    ])
    static let certificateCompressions = ValueStrings([
        (1, "zlib"), (2, "brotli"), (3, "zstd"),
    ])
    static let certificateFormats = ValueStrings([
        (0, "X.509"), (1, "OpenPGP"), (2, "Raw Public Key"),
    ])
    static let clientCertificateTypes = ValueStrings([
        (1, "RSA Sign"), (2, "DSS Sign"), (3, "RSA Fixed DH"), (4, "DSS Fixed DH"), (21, "GOST R 34.10-94"),
        (22, "GOST R 34.10-2001"), (64, "ECDSA Sign"), (65, "RSA Fixed ECDH"), (66, "ECDSA Fixed ECDH"), (80, "IBC Params"),
    ])
    static let oldCertificateTypes = ValueStrings([(0, "N/A"), (1, "X.509 Certificate")])
}
