import Dissection
import Wire

/// Extensions by which keys are agreed on (RFC 8446, sections 4.2.2 and 4.2.7 to 4.2.11; RFC 8422, section 5.1).
struct TLSKeyExtensions: Sendable {
    private let groupsLength, groups, group: FieldID
    private let formatsLength, formats, format: FieldID
    private let sharesLength, shareGroup, shareLength, share, selectedGroup: FieldID
    private let identitiesLength, identityLength, identity, ticketAge, bindersLength, binders, selectedIdentity: FieldID
    private let modesLength, mode: FieldID
    private let cookieLength, cookie: FieldID
    private let nameSuite, digestLength, digest, nameLength, name, nonce: FieldID
    private let vectors: TLSVectors

    init(_ vectors: TLSVectors, _ r: inout Registrar) {
        self.vectors = vectors
        groupsLength = r.field("tls.handshake.extensions_supported_groups_length", "Supported Groups List Length", .uint16, .decimal)
        groups = r.field("tls.handshake.extensions_supported_groups", "Supported Groups List", .none)
        group = r.field("tls.handshake.extensions_supported_group", "Supported Group", .uint16, .hex, strings: TLSHelloValues.groups)
        formatsLength = r.field("tls.handshake.extensions_ec_point_formats_length", "EC point formats Length", .uint8, .decimal)
        formats = r.field("tls.handshake.extensions_ec_point_formats", "EC point formats", .none)
        format = r.field("tls.handshake.extensions_ec_point_format", "EC point format", .uint8, .decimal, strings: TLSValues.pointFormats)
        sharesLength = r.field("tls.handshake.extensions_key_share_client_length", "Client Key Share Length", .uint16, .decimal)
        shareGroup = r.field("tls.handshake.extensions_key_share_group", "Group", .uint16, .decimal, strings: TLSHelloValues.groups)
        shareLength = r.field("tls.handshake.extensions_key_share_key_exchange_length", "Key Exchange Length", .uint16, .decimal)
        share = r.field("tls.handshake.extensions_key_share_key_exchange", "Key Exchange", .bytes)
        selectedGroup = r.field(
            "tls.handshake.extensions_key_share_selected_group", "Selected Group", .uint16, .decimal, strings: TLSHelloValues.groups)
        identitiesLength = r.field("tls.handshake.extensions.psk.identities.length", "Identities Length", .uint16, .decimal)
        identityLength = r.field("tls.handshake.extensions.psk.identity.identity_length", "Identity Length", .uint16, .decimal)
        identity = r.field("tls.handshake.extensions.psk.identity.identity", "Identity", .bytes)
        ticketAge = r.field("tls.handshake.extensions.psk.identity.obfuscated_ticket_age", "Obfuscated Ticket Age", .uint32, .decimal)
        bindersLength = r.field("tls.handshake.extensions.psk.binders_len", "PSK Binders length", .uint16, .decimal)
        binders = r.field("tls.handshake.extensions.psk.binders", "PSK Binders", .none)
        selectedIdentity = r.field("tls.handshake.extensions.psk.identity.selected", "Selected Identity", .uint16, .decimal)
        modesLength = r.field("tls.extension.psk_ke_modes_length", "PSK Key Exchange Modes Length", .uint8, .decimal)
        mode = r.field("tls.extension.psk_ke_mode", "PSK Key Exchange Mode", .uint8, .decimal, strings: TLSValues.pskModes)
        cookieLength = r.field("tls.handshake.extensions.cookie_len", "Cookie length", .uint16, .decimal)
        cookie = r.field("tls.handshake.extensions.cookie", "Cookie", .bytes)
        nameSuite = r.field("tls.esni.suite", "Cipher Suite", .uint16, .hex, strings: TLSCipherSuites.names)
        digestLength = r.field("tls.esni.record_digest_length", "Record Digest Length", .uint16, .decimal)
        digest = r.field("tls.esni.record_digest", "Record Digest", .bytes)
        nameLength = r.field("tls.esni.encrypted_sni_length", "Encrypted SNI Length", .uint16, .decimal)
        name = r.field("tls.esni.encrypted_sni", "Encrypted SNI", .bytes)
        nonce = r.field("tls.esni.nonce", "Nonce", .bytes)
    }

    func addGroups(_ data: inout Reader, _ context: inout Context) throws(DissectionError) {
        guard var list = try vectors.begin(groupsLength, width: 2, 2...65535, &data, &context) else { return }
        let count = list.remaining / 2
        let top = context.add(groups, list, list.offset, list.capturedRemaining)
        context.label(top) { $0.append("Supported Groups", count: count, "group", "groups") }
        context.open()
        defer { context.close() }
        while list.remaining >= 2 { try context.uint16(group, &list) }
        vectors.end(list, &context)
    }

    func addPointFormats(_ data: inout Reader, _ context: inout Context) throws(DissectionError) {
        guard var list = try vectors.begin(formatsLength, width: 1, 1...255, &data, &context) else { return }
        let count = list.remaining
        context.label(context.add(formats, list, list.offset, list.capturedRemaining)) {
            $0.append("Elliptic curves point formats (")
            $0.append(decimal: count)
            $0.append(")")
        }
        context.open()
        defer { context.close() }
        while list.remaining > 0 { try context.uint8(format, &list) }
    }

    // MARK: Key shares

    func addShares(_ data: inout Reader, _ place: TLSExtensions.Place, _ context: inout Context) throws(DissectionError) {
        guard data.remaining > 0 else { return }
        context.heading(data, data.offset, data.capturedRemaining) { $0.append("Key Share extension") }
        context.open()
        defer { context.close() }
        switch place {
        case .client:
            guard var list = try vectors.begin(sharesLength, width: 2, 0...65535, &data, &context) else { return }
            while list.remaining >= 4 { try addShare(&list, &context) }
            vectors.end(list, &context)
        case .server: try addShare(&data, &context)
        case .retry: try context.uint16(selectedGroup, &data)
        case .encrypted, .certificate, .certificateRequest, .ticket: break
        }
    }

    private func addShare(_ list: inout Reader, _ context: inout Context) throws(DissectionError) {
        try list.require(4)
        let (number, byteCount) = (list.bytes.uint16(list.offset), Int(list.bytes.uint16(list.offset + 2)))
        context.heading(list, list.offset, min(4 + byteCount, list.capturedRemaining)) {
            $0.append("Key Share Entry: Group: ")
            if let name = TLSHelloValues.groups.name(of: UInt64(number)) {
                $0.append(name)
            } else {
                $0.append("Unknown (")
                $0.append(decimal: number)
                $0.append(")")
            }
            $0.append(", Key Exchange length: ")
            $0.append(decimal: byteCount)
        }
        context.open()
        defer { context.close() }
        try context.uint16(shareGroup, &list)
        try vectors.bytes(shareLength, width: 2, share, 1...65535, &list, &context)
    }

    // MARK: Keys shared before

    func addPreSharedKeys(_ data: inout Reader, _ place: TLSExtensions.Place, _ context: inout Context) throws(DissectionError) {
        context.heading(data, data.offset, data.capturedRemaining) { $0.append("Pre-Shared Key extension") }
        context.open()
        defer { context.close() }
        switch place {
        case .client:
            guard var list = try vectors.begin(identitiesLength, width: 2, 7...65535, &data, &context) else { return }
            while list.remaining > 0 { try addIdentity(&list, &context) }
            guard let codes = try vectors.begin(bindersLength, width: 2, 33...65535, &data, &context) else { return }
            try codes.require(codes.remaining)
            context.add(binders, codes, codes.offset, codes.remaining)
        case .server: try context.uint16(selectedIdentity, &data)
        case .retry, .encrypted, .certificate, .certificateRequest, .ticket: break
        }
    }

    private func addIdentity(_ list: inout Reader, _ context: inout Context) throws(DissectionError) {
        try list.require(2)
        let byteCount = Int(list.bytes.uint16(list.offset))
        context.heading(list, list.offset, min(byteCount + 6, list.capturedRemaining)) {
            $0.append("PSK Identity (length: ")
            $0.append(decimal: byteCount)
            $0.append(")")
        }
        context.open()
        defer { context.close() }
        try vectors.bytes(identityLength, width: 2, identity, 1...65535, &list, &context)
        try context.uint32(ticketAge, &list)
    }

    func addPreSharedKeyModes(_ data: inout Reader, _ context: inout Context) throws(DissectionError) {
        guard var list = try vectors.begin(modesLength, width: 1, 1...255, &data, &context) else { return }
        while list.remaining > 0 { try context.uint8(mode, &list) }
    }

    func addCookie(_ data: inout Reader, _ context: inout Context) throws(DissectionError) {
        try vectors.bytes(cookieLength, width: 2, cookie, 1...65535, &data, &context)
    }

    /// draft-ietf-tls-esni-02, section 5.
    func addEncryptedName(_ data: inout Reader, _ place: TLSExtensions.Place, _ context: inout Context) throws(DissectionError) {
        guard place == .client else {
            guard place == .encrypted else { return }
            try data.require(16)
            context.add(nonce, data, data.offset, 16)
            data.offset += 16
            return
        }
        try context.uint16(nameSuite, &data)
        try addShare(&data, &context)
        try vectors.bytes(digestLength, width: 2, digest, 0...65535, &data, &context)
        try vectors.bytes(nameLength, width: 2, name, 1...65535, &data, &context)
    }
}
