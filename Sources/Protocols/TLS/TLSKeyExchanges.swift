import Dissection
import Wire

/// What server and client send to agree on keys, up to version 1.2 (RFC 5246, sections 7.4.3 and 7.4.7; RFC 8422; RFC 4279).
final class TLSKeyExchanges: Sendable {
    /// How the keys are agreed on: part of what a cipher suite says.
    enum Method {
        case diffieHellman, anonymousDiffieHellman, ellipticCurve, anonymousEllipticCurve, rsa, rsaExport
        case preSharedKey, diffieHellmanPreSharedKey, ellipticCurvePreSharedKey, rsaPreSharedKey
        case password, juggling
        /// Agreed on by the certificates, or otherwise without parameters.
        case other
    }

    private let prime: Pair, generator: Pair, serverPublic: Pair, clientPublic: Pair
    private let serverPoint, clientPoint: Pair
    private let modulus, exponent: Pair
    private let signature, encryptedSecret, hint, identity: Pair
    private let curveType, namedCurve: FieldID
    private let serverJuggling, clientJuggling: [Pair]
    private let vectors: TLSVectors
    private let algorithms: TLSSignatureAlgorithms

    /// A length and the bytes that it is of.
    private struct Pair: Sendable {
        let length, bytes: FieldID
        let width: Int
    }

    init(_ vectors: TLSVectors, _ algorithms: TLSSignatureAlgorithms, _ r: inout Registrar) {
        self.vectors = vectors
        self.algorithms = algorithms
        func pair(_ name: String, _ title: String, _ lengthTitle: String? = nil, width: Int = 2) -> Pair {
            let length = r.field("tls.handshake.\(name)_len", lengthTitle ?? "\(title) Length", width == 1 ? .uint8 : .uint16, .decimal)
            return Pair(length: length, bytes: r.field("tls.handshake.\(name)", title, .bytes), width: width)
        }
        prime = pair("p", "p")
        generator = pair("g", "g")
        serverPublic = pair("ys", "Pubkey")
        clientPublic = pair("yc", "Pubkey")
        serverPoint = pair("server_point", "Pubkey", width: 1)
        clientPoint = pair("client_point", "Pubkey", width: 1)
        modulus = pair("modulus", "Modulus")
        exponent = pair("exponent", "Exponent")
        signature = pair("sig", "Signature")
        encryptedSecret = pair("epms", "Encrypted PreMaster", "Encrypted PreMaster length")
        hint = pair("hint", "Hint")
        identity = pair("identity", "Identity")
        curveType = r.field("tls.handshake.server_curve_type", "Curve Type", .uint8, .hex, strings: TLSValues.curveTypes)
        namedCurve = r.field("tls.handshake.server_named_curve", "Named Curve", .uint16, .hex, strings: TLSHelloValues.groups)
        serverJuggling = [
            pair("xs", "Pubkey", width: 1), pair("vs", "Ephemeral Pubkey", width: 1), pair("rs", "Schnorr signature", "Schnorr signature Length", width: 1),
        ]
        clientJuggling = [
            pair("xc", "Pubkey", width: 1), pair("vc", "Ephemeral Pubkey", width: 1), pair("rc", "Schnorr signature", "Schnorr signature Length", width: 1),
        ]
    }

    // MARK: Server

    func addServer(_ body: inout Reader, _ known: TLSConversation, _ context: inout Context) throws(DissectionError) {
        let method = TLSCipherSuites.keyExchange(known.cipherSuite)
        guard let title = Self.serverTitle(method) else { return }
        context.heading(body, body.offset, body.capturedRemaining) { $0.append(title) }
        context.open()
        defer { context.close() }
        switch method {
        case .diffieHellman: try addGroup(&body, isSigned: true, known, &context)
        case .anonymousDiffieHellman: try addGroup(&body, isSigned: false, known, &context)
        case .ellipticCurve: try addCurve(&body, isSigned: true, known, &context)
        case .anonymousEllipticCurve: try addCurve(&body, isSigned: false, known, &context)
        case .rsa, .rsaExport:
            try add(modulus, &body, &context)
            try add(exponent, &body, &context)
            try addSignature(&body, known, &context)
        case .preSharedKey, .rsaPreSharedKey: try add(hint, &body, &context)
        case .diffieHellmanPreSharedKey, .ellipticCurvePreSharedKey:
            try add(hint, &body, &context)
            if method == .diffieHellmanPreSharedKey {
                try addGroup(&body, isSigned: false, known, &context)
            } else {
                try addCurve(&body, isSigned: false, known, &context)
            }
        case .juggling:
            try addCurveName(&body, &context)
            for pair in serverJuggling { try add(pair, &body, &context) }
        case .password, .other: break
        }
    }

    private static func serverTitle(_ method: Method) -> StaticString? {
        switch method {
        case .diffieHellman, .anonymousDiffieHellman: "Diffie-Hellman Server Params"
        case .ellipticCurve, .anonymousEllipticCurve: "EC Diffie-Hellman Server Params"
        case .rsa, .rsaExport: "RSA-EXPORT Server Params"
        case .preSharedKey, .rsaPreSharedKey, .diffieHellmanPreSharedKey, .ellipticCurvePreSharedKey: "PSK Server Params"
        case .juggling: "EC J-PAKE Server Params"
        case .password, .other: nil
        }
    }

    private func addGroup(_ body: inout Reader, isSigned: Bool, _ known: TLSConversation, _ context: inout Context) throws(DissectionError) {
        for pair in [prime, generator, serverPublic] { try add(pair, &body, &context) }
        if isSigned { try addSignature(&body, known, &context) }
    }

    private func addCurve(_ body: inout Reader, isSigned: Bool, _ known: TLSConversation, _ context: inout Context) throws(DissectionError) {
        guard try addCurveName(&body, &context) else { return }
        try add(serverPoint, &body, &context)
        if isSigned { try addSignature(&body, known, &context) }
    }

    /// Adds the curve; returns whether it is one with a name, as all in use are (RFC 8422, section 5.4).
    @discardableResult
    private func addCurveName(_ body: inout Reader, _ context: inout Context) throws(DissectionError) -> Bool {
        guard try context.uint8(curveType, &body) == 3 else { return false }
        try context.uint16(namedCurve, &body)
        return true
    }

    private func addSignature(_ body: inout Reader, _ known: TLSConversation, _ context: inout Context) throws(DissectionError) {
        if known.version == TLSVersion.tls12 { try algorithms.add(&body, &context) }
        try add(signature, &body, &context)
    }

    private func add(_ pair: Pair, _ body: inout Reader, _ context: inout Context) throws(DissectionError) {
        let length = pair.width == 1 ? Int(try context.uint8(pair.length, &body)) : Int(try context.uint16(pair.length, &body))
        try body.require(length)
        context.add(pair.bytes, body, body.offset, length)
        body.offset += length
    }

    // MARK: Client

    func addClient(_ body: inout Reader, _ known: TLSConversation, _ context: inout Context) throws(DissectionError) {
        let method = TLSCipherSuites.keyExchange(known.cipherSuite)
        guard let title = Self.clientTitle(method) else { return }
        context.heading(body, body.offset, body.capturedRemaining) { $0.append(title) }
        context.open()
        defer { context.close() }
        switch method {
        case .diffieHellman, .anonymousDiffieHellman: try add(clientPublic, &body, &context)
        case .ellipticCurve, .anonymousEllipticCurve: try add(clientPoint, &body, &context)
        case .rsa, .rsaExport: try addSecret(&body, known, &context)
        case .preSharedKey: try add(identity, &body, &context)
        case .rsaPreSharedKey:
            try add(identity, &body, &context)
            try add(encryptedSecret, &body, &context)
        case .diffieHellmanPreSharedKey:
            try add(identity, &body, &context)
            try add(clientPublic, &body, &context)
        case .ellipticCurvePreSharedKey:
            try add(identity, &body, &context)
            try add(clientPoint, &body, &context)
        case .juggling: for pair in clientJuggling { try add(pair, &body, &context) }
        case .password, .other: break
        }
    }

    private static func clientTitle(_ method: Method) -> StaticString? {
        switch method {
        case .diffieHellman, .anonymousDiffieHellman: "Diffie-Hellman Client Params"
        case .ellipticCurve, .anonymousEllipticCurve: "EC Diffie-Hellman Client Params"
        case .rsa, .rsaExport: "RSA Encrypted PreMaster Secret"
        case .preSharedKey, .rsaPreSharedKey, .diffieHellmanPreSharedKey, .ellipticCurvePreSharedKey: "PSK Client Params"
        case .juggling: "EC J-PAKE Client Params"
        case .password, .other: nil
        }
    }

    /// SSL 3.0 has no length before the secret (RFC 5246, section 7.4.7.1).
    private func addSecret(_ body: inout Reader, _ known: TLSConversation, _ context: inout Context) throws(DissectionError) {
        if known.version != TLSVersion.ssl3 { return try add(encryptedSecret, &body, &context) }
        try body.require(body.remaining)
        context.add(encryptedSecret.bytes, body, body.offset, body.remaining)
    }
}

extension TLSCipherSuites {
    /// How a suite agrees on keys, which its name begins with.
    static func keyExchange(_ suite: UInt16) -> TLSKeyExchanges.Method {
        guard let name = names.name(of: UInt64(suite)) else { return .other }
        func begins(_ text: StaticString) -> Bool {
            text.utf8CodeUnitCount <= name.utf8CodeUnitCount && (0..<text.utf8CodeUnitCount).allSatisfy { name.utf8Start[$0] == text.utf8Start[$0] }
        }
        if begins("TLS_DHE_PSK") { return .diffieHellmanPreSharedKey }
        if begins("TLS_ECDHE_PSK") { return .ellipticCurvePreSharedKey }
        if begins("TLS_RSA_PSK") { return .rsaPreSharedKey }
        if begins("TLS_PSK") { return .preSharedKey }
        if begins("TLS_DH_anon") { return .anonymousDiffieHellman }
        if begins("TLS_ECDH_anon") { return .anonymousEllipticCurve }
        if begins("TLS_DH") { return .diffieHellman }
        if begins("TLS_ECDH") { return .ellipticCurve }
        if begins("TLS_RSA_EXPORT") { return .rsaExport }
        if begins("TLS_RSA") || begins("SSL_RSA") { return .rsa }
        if begins("TLS_SRP") { return .password }
        return begins("TLS_ECJPAKE") ? .juggling : .other
    }
}
