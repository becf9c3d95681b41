import Dissection
import Wire

/// The hellos of client and server (RFC 5246, section 7.4.1; RFC 8446, section 4.1).
final class TLSHellos: Sendable {
    private let version, random, randomTime, randomBytes: FieldID
    private let sessionLength, session: FieldID
    private let suitesLength, suites, suite: FieldID
    private let methodsLength, methods, method: FieldID
    private let vectors: TLSVectors
    private let extensions: TLSExtensions
    private let fingerprints: TLSFingerprints

    init(_ vectors: TLSVectors, _ extensions: TLSExtensions, _ r: inout Registrar) {
        self.vectors = vectors
        self.extensions = extensions
        version = r.field("tls.handshake.version", "Version", .uint16, .hex, strings: TLSValues.versions)
        random = r.field("tls.handshake.random", "Random", .bytes)
        randomTime = r.field("tls.handshake.random_time", "GMT Unix Time", .absoluteTime, .utc)
        randomBytes = r.field("tls.handshake.random_bytes", "Random Bytes", .bytes)
        sessionLength = r.field("tls.handshake.session_id_length", "Session ID Length", .uint8, .decimal)
        session = r.field("tls.handshake.session_id", "Session ID", .bytes)
        suitesLength = r.field("tls.handshake.cipher_suites_length", "Cipher Suites Length", .uint16, .decimal)
        suites = r.field("tls.handshake.ciphersuites", "Cipher Suites", .none)
        suite = r.field("tls.handshake.ciphersuite", "Cipher Suite", .uint16, .hex, strings: TLSCipherSuites.names)
        methodsLength = r.field("tls.handshake.comp_methods_length", "Compression Methods Length", .uint8, .decimal)
        methods = r.field("tls.handshake.comp_methods", "Compression Methods", .none)
        method = r.field("tls.handshake.comp_method", "Compression Method", .uint8, .decimal, strings: TLSValues.compressionMethods)
        fingerprints = TLSFingerprints(registering: &r)
    }

    // MARK: Client

    func addClient(_ body: inout Reader, _ known: inout TLSConversation, _ context: inout Context) throws(DissectionError) {
        let start = body.rest
        known.noteServer(isSender: false, context.packet)
        known.flags.remove([.mayResume, .hasSession, .sendsEarly])
        let offered = try context.uint16(version, &body)
        try addRandom(&body, known, &context)
        if try addSession(&body, &context) > 0 { known.flags.insert(.hasSession) }
        guard let suiteList = try vectors.begin(suitesLength, width: 2, 2...65534, &body, &context) else { return }
        try addSuites(suiteList, &context)
        guard let methodList = try vectors.begin(methodsLength, width: 1, 1...255, &body, &context) else { return }
        try addMethods(methodList, &context)
        let extensionList = body.rest
        if body.remaining > 0 { try extensions.addList(.client, &body, &known, &context) }
        fingerprints.addClient(version: offered, suites: suiteList, extensions: extensionList, start, &context)
    }

    private func addSuites(_ list: Reader, _ context: inout Context) throws(DissectionError) {
        try list.require(min(list.remaining, 1))
        var list = list
        let top = context.add(suites, list, list.offset, list.capturedRemaining)
        let count = list.remaining / 2
        context.label(top) { $0.append("Cipher Suites", count: count, "suite", "suites") }
        context.open()
        defer { context.close() }
        if !context.wants(suite) { return }
        while list.remaining >= 2 { try context.uint16(suite, &list) }
        vectors.end(list, &context)
    }

    private func addMethods(_ list: Reader, _ context: inout Context) throws(DissectionError) {
        var list = list
        let top = context.add(methods, list, list.offset, list.capturedRemaining)
        let count = list.remaining
        context.label(top) { $0.append("Compression Methods", count: count, "method", "methods") }
        context.open()
        defer { context.close() }
        while list.remaining > 0 { try context.uint8(method, &list) }
    }

    // MARK: Server

    func addServer(_ body: inout Reader, _ known: inout TLSConversation, _ context: inout Context) throws(DissectionError) {
        let start = body.rest
        known.noteServer(isSender: true, context.packet)
        let named = try context.uint16(version, &body)
        known.version = TLSVersion.settled(Self.chosenVersion(body) ?? named)
        known.flags.remove(.sendsEarly)
        let isRetry = Self.asksAgain(body.captured(body.offset, 32))
        try addRandom(&body, known, isRetry: isRetry, &context)
        // The drafts of version 1.3 up to the 21st have neither session nor compression, and name the version here.
        let isDraft = (0x7f00..<0x7f16).contains(named) || named == TLSVersion.tls13
        if !isDraft, try addSession(&body, &context) > 0 { known.flags.insert(.hasSession) }
        known.cipherSuite = try context.uint16(suite, &body)
        if !isDraft { try context.uint8(method, &body) }
        known.flags.insert(.mayResume)
        known.flags.remove([.clientChanged, .serverChanged])
        let extensionList = body.rest
        if body.remaining > 0 { try extensions.addList(isRetry ? .retry : .server, &body, &known, &context) }
        fingerprints.addServer(version: named, suite: known.cipherSuite, extensions: extensionList, start, &context)
    }

    /// The version that an extension of the server's hello names (RFC 8446, section 4.2.1); `body` stands at the random.
    private static func chosenVersion(_ body: Reader) -> UInt16? {
        let bytes = body.capturedBytes
        guard bytes.count > 32 else { return nil }
        // Random, session, suite, compression, and the length of the list.
        var offset = 32 + 1 + Int(bytes[32]) + 2 + 1 + 2
        while offset + 6 <= bytes.count {
            if bytes.uint16(offset) == 43 { return bytes.uint16(offset + 4) }
            offset += 4 + Int(bytes.uint16(offset + 2))
        }
        return nil
    }

    /// The message that asked for another hello up to the 21st draft of version 1.3.
    func addRetry(_ body: inout Reader, _ known: inout TLSConversation, _ context: inout Context) throws(DissectionError) {
        known.noteServer(isSender: true, context.packet)
        let named = try context.uint16(version, &body)
        known.version = TLSVersion.settled(named)
        // From the 19th draft on a suite is named.
        if named == 0xfb17 || named >= 0x7f13 { known.cipherSuite = try context.uint16(suite, &body) }
        try extensions.addList(.retry, &body, &known, &context)
    }

    /// Whether a server's random is the one that asks for another hello (RFC 8446, section 4.1.3): the hash of a text.
    static func asksAgain(_ random: ByteView) -> Bool {
        random.count == 32 && random.uint64(0) == 0xcf21_ad74_e59a_6111 && random.uint64(8) == 0xbe1d_8c02_1e65_b891
            && random.uint64(16) == 0xc2a2_1116_7abb_8c5e && random.uint64(24) == 0x079e_09e2_c8a8_339c
    }

    // MARK: Parts

    /// Up to version 1.2 the first four bytes are the time.
    private func addRandom(
        _ body: inout Reader, _ known: TLSConversation, isRetry: Bool = false, _ context: inout Context
    ) throws(DissectionError) {
        try body.require(32)
        let item = context.add(random, body, body.offset, 32)
        if isRetry { context.appendLabel(item) { $0.append(" (HelloRetryRequest magic)") } }
        if !known.isVersion13, !isRetry {
            context.open()
            let seconds = Int64(body.bytes.uint32(body.offset))
            context.add(randomTime, body, body.offset, 4, value: UInt64(bitPattern: seconds &* 1_000_000_000))
            context.add(randomBytes, body, body.offset + 4, 28)
            context.close()
        }
        body.offset += 32
    }

    /// Returns how many bytes the session's identifier has.
    @discardableResult
    private func addSession(_ body: inout Reader, _ context: inout Context) throws(DissectionError) -> Int {
        let count = Int(try context.uint8(sessionLength, &body))
        guard count > 0 else { return 0 }
        try body.require(count)
        context.add(session, body, body.offset, count)
        body.offset += count
        return count
    }
}
