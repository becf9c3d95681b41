import Dissection
import Wire

/// The option of Multipath TCP (RFC 6824 for version 0, RFC 8684 for version 1). What joins subflows into one connection
/// (tokens made from keys, numbers relative to the connection's first) is not worked out.
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +---------------+---------------+-------+-----------------------+
///     |     Kind      |    Length     |Subtype|                       |
///     +---------------+---------------+-------+                       |
///     |                     Subtype-specific data                     |
///     |                       (variable length)                       |
///     +---------------------------------------------------------------+
struct TCPMultipathOption: Sendable {
    private enum Subtype {
        static let capable: UInt8 = 0
        static let join: UInt8 = 1
        static let sequenceSignal: UInt8 = 2
        static let addAddress: UInt8 = 3
        static let removeAddress: UInt8 = 4
        static let priority: UInt8 = 5
        static let fallback: UInt8 = 6
        static let fastClose: UInt8 = 7
        static let reset: UInt8 = 8
    }

    private let node, subtype, version, flags, reserved, backup, addressIdentifier: FieldID
    private let capableFlags0, capableFlags1, sequenceFlags, resetFlags: [FieldID]
    private let senderKey, receiverKey, receiverToken, senderRandom, senderShortCode, senderCode: FieldID
    private let dataAcknowledgment, dataSequence, subflowSequence, dataLength, checksum: FieldID
    private let addressFamily, echo, addressIPv4, addressIPv6, port, addressCode, removedCount, resetReason: FieldID
    private let noAlgorithm, unknownAlgorithm: ExpertID
    private let layer: DissectorID

    init(_ proto: ProtocolID, registering r: inout Registrar) {
        layer = r.dissector(NamedLayer(), proto, name: "mptcp")
        let prefix = "tcp.options.mptcp."
        node = r.field("mptcp", "Multipath Transmission Control Protocol", .proto)
        subtype = r.field(prefix + "subtype", "Multipath TCP subtype", .uint8, .decimal, strings: Self.subtypes, mask: 0xf0)
        version = r.field(prefix + "version", "Multipath TCP version", .uint8, .decimal, mask: 0x0f)
        reserved = r.field(prefix + "reserved", "Reserved", .uint16, .hex, mask: 0x0fff)
        flags = r.field(prefix + "flags", "Multipath TCP flags", .uint8, .hex)
        backup = r.field(prefix + "backup.flag", "Backup flag", .uint8, .decimal, mask: 0x01)
        let needsChecksum = r.field(prefix + "checksumreq.flags", "Checksum required", .uint8, .decimal, mask: 0x80)
        let isExtended = r.field(prefix + "extensibility.flag", "Extensibility", .uint8, .decimal, mask: 0x40)
        capableFlags0 = [
            needsChecksum, isExtended, r.field(prefix + "sha1.flag", "Use HMAC-SHA1", .uint8, .decimal, mask: 0x01),
            r.field(prefix + "reserved.flag", "Reserved", .uint8, .hex, mask: 0x3e),
        ]
        capableFlags1 = [
            needsChecksum, isExtended,
            r.field(prefix + "nomoresubflows.flag", "Do not attempt to establish new subflows to this address and port", .uint8, .decimal, mask: 0x20),
            r.field(prefix + "sha256.flag", "Use HMAC-SHA256", .uint8, .decimal, mask: 0x01),
            r.field(prefix + "reserved.flag", "Reserved", .uint8, .hex, mask: 0x1e),
        ]
        sequenceFlags = [
            r.field(prefix + "datafin.flag", "DATA_FIN", .uint8, .decimal, mask: 0x10),
            r.field(prefix + "dseqn8.flag", "Data Sequence Number is 8 octets", .uint8, .decimal, mask: 0x08),
            r.field(
                prefix + "dseqnpresent.flag", "Data Sequence Number, Subflow Sequence Number, Data-level Length, Checksum present", .uint8, .decimal,
                mask: 0x04),
            r.field(prefix + "dataack8.flag", "Data ACK is 8 octets", .uint8, .decimal, mask: 0x02),
            r.field(prefix + "dataackpresent.flag", "Data ACK is present", .uint8, .decimal, mask: 0x01),
        ]
        resetFlags = [
            r.flag(prefix + "flag_U.flag", "Flag U", wordBits: 4, mask: 0x8), r.flag(prefix + "flag_V.flag", "Flag V", wordBits: 4, mask: 0x4),
            r.flag(prefix + "flag_W.flag", "Flag W", wordBits: 4, mask: 0x2), r.flag(prefix + "flag_T.flag", "Transient", wordBits: 4, mask: 0x1),
        ]
        resetReason = r.field(prefix + "rst_reason", "TCPRST Reason", .uint8, .hex, strings: Self.reasons)
        addressIdentifier = r.field(prefix + "addrid", "Address ID", .uint8, .decimal)
        senderKey = r.field(prefix + "sendkey", "Sender's Key", .uint64, .decimal)
        receiverKey = r.field(prefix + "recvkey", "Receiver's Key", .uint64, .decimal)
        receiverToken = r.field(prefix + "recvtok", "Receiver's Token", .uint32, .decimal)
        senderRandom = r.field(prefix + "sendrand", "Sender's Random Number", .uint32, .decimal)
        senderShortCode = r.field(prefix + "sendtrunchmac", "Sender's Truncated HMAC", .uint64, .decimal)
        senderCode = r.field(prefix + "sendhmac", "Sender's HMAC", .bytes)
        addressCode = r.field(prefix + "addaddrtrunchmac", "Truncated HMAC", .uint64, .decimal)
        dataAcknowledgment = r.field(prefix + "rawdataack", "Original MPTCP Data ACK", .uint64, .decimal)
        dataSequence = r.field(prefix + "rawdataseqno", "Data Sequence Number", .uint64, .decimal)
        subflowSequence = r.field(prefix + "subflowseqno", "Subflow Sequence Number", .uint32, .decimal)
        dataLength = r.field(prefix + "datalvllen", "Data-level Length", .uint16, .decimal)
        checksum = r.field(prefix + "checksum", "Checksum", .uint16, .hex)
        addressFamily = r.field(prefix + "ipver", "IP version", .uint8, .decimal, mask: 0x0f)
        echo = r.field(prefix + "echo", "Echo", .uint8, .decimal, mask: 0x01)
        addressIPv4 = r.field(prefix + "ipv4", "Advertised IPv4 Address", .ipv4)
        addressIPv6 = r.field(prefix + "ipv6", "Advertised IPv6 Address", .ipv6)
        port = r.field(prefix + "port", "Advertised port", .uint16, .decimal)
        removedCount = r.field("mptcp.rm_addr.count", "Number of removed addresses", .uint8, .decimal)
        noAlgorithm = r.expert("mptcp.connection.missing_algorithm", .proto, .warning, "No crypto algorithm specified")
        unknownAlgorithm = r.expert("mptcp.connection.unsupported_algorithm", .proto, .warning, "Unsupported algorithm")
    }

    // MARK: The option

    /// Adds the option that `reader` spans.
    /// - Parameters:
    ///   - kind: the field of every option's first byte, and `length` that of the second.
    func dissect(_ reader: inout Reader, kind: FieldID, length: FieldID, _ context: inout Context) throws(DissectionError) {
        context.columns.setProtocol("MPTCP")
        context.noteLayer(layer)
        let byteCount = reader.remaining
        try reader.require(2)
        let top = context.add(node, reader, reader.start, byteCount)
        context.open()
        try context.uint8(kind, &reader)
        try context.uint8(length, &reader)
        let word = try reader.uint8()
        let type = word >> 4
        context.appendLabel(top) {
            $0.append(": ")
            $0.append(Self.subtypes.name(of: UInt64(type)) ?? "Unknown (")
            guard type > Subtype.reset else { return }
            $0.append(decimal: type)
            $0.append(")")
        }
        context.bits(subtype, reader, reader.offset - 1, 1, word: UInt64(word))
        switch type {
        case Subtype.capable: try addCapable(word, byteCount, &reader, &context)
        case Subtype.join: try addJoin(word, byteCount, &reader, &context)
        case Subtype.sequenceSignal: try addSequenceSignal(&reader, &context)
        case Subtype.addAddress: try addAddress(word, byteCount, &reader, &context)
        case Subtype.removeAddress: try addRemoval(&reader, &context)
        case Subtype.priority: try addPriority(word, byteCount, &reader, &context)
        case Subtype.fallback:
            try addReserved(&reader, &context)
            try context.uint64(dataSequence, &reader)
        case Subtype.fastClose:
            try addReserved(&reader, &context)
            try context.uint64(receiverKey, &reader)
        case Subtype.reset: try addReset(word, &reader, &context)
        default: break
        }
        context.close()
    }

    /// The twelve bits behind the subtype, where they mean nothing.
    private func addReserved(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        reader.offset -= 1
        let word = UInt64(try reader.uint16())
        context.bits(reserved, reader, reader.offset - 2, 2, word: word)
    }

    @discardableResult
    private func addFlags(_ word: UInt8, _ names: [FieldID], _ reader: Reader, _ context: inout Context) -> ItemRef {
        let offset = reader.offset - 1
        let item = context.add(flags, reader, offset, 1, value: UInt64(word))
        context.open()
        for name in names { context.bits(name, reader, offset, 1, word: UInt64(word)) }
        context.close()
        return item
    }

    // MARK: Connections and subflows

    /// MP_CAPABLE (RFC 8684, section 3.1): keys in the handshake, and with version 1 the first data's length.
    private func addCapable(_ word: UInt8, _ byteCount: Int, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        context.bits(version, reader, reader.offset - 1, 1, word: UInt64(word))
        let flagsValue = try reader.uint8()
        let item = addFlags(flagsValue, word & 0x0f == 1 ? capableFlags1 : capableFlags0, reader, &context)
        let algorithms = flagsValue & 0x3f
        if algorithms == 0 { context.expert(under: item, noAlgorithm) }
        if algorithms != 1 { context.expert(under: item, unknownAlgorithm) }
        guard [12, 20, 22, 24].contains(byteCount) else { return }
        try context.uint64(senderKey, &reader)
        if byteCount >= 20 { try context.uint64(receiverKey, &reader) }
        if byteCount >= 22 { try context.uint16(dataLength, &reader) }
        if byteCount == 24 { try context.uint16(checksum, &reader) }
    }

    /// MP_JOIN (RFC 8684, section 3.2): the length tells SYN, SYN/ACK and ACK apart.
    private func addJoin(_ word: UInt8, _ byteCount: Int, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        if byteCount == 24 {
            try addReserved(&reader, &context)
            context.add(senderCode, reader, reader.offset, reader.remaining)
            return
        }
        guard byteCount == 12 || byteCount == 16 else { return }
        addFlags(word, [backup], reader, &context)
        try context.uint8(addressIdentifier, &reader)
        if byteCount == 12 {
            try context.uint32(receiverToken, &reader)
        } else {
            try context.uint64(senderShortCode, &reader)
        }
        try context.uint32(senderRandom, &reader)
    }

    /// MP_PRIO (RFC 8684, section 3.3.8).
    private func addPriority(_ word: UInt8, _ byteCount: Int, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        addFlags(word, [backup], reader, &context)
        if byteCount == 4 { try context.uint8(addressIdentifier, &reader) }
    }

    /// MP_TCPRST (RFC 8684, section 3.6).
    private func addReset(_ word: UInt8, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let item = addFlags(word, resetFlags, reader, &context)
        context.appendLabel(item) {
            if word & 8 != 0 { $0.append(", Flag U") }
            if word & 4 != 0 { $0.append(", Flag V") }
            if word & 2 != 0 { $0.append(", Flag W") }
            if word & 1 != 0 { $0.append(", Transient") }
        }
        try context.uint8(resetReason, &reader)
    }

    // MARK: Data

    /// DSS (RFC 8684, section 3.3): what of the connection's data the segment acknowledges, and what it carries. Whether a
    /// checksum follows depends on the handshake.
    private func addSequenceSignal(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let word = try reader.uint8()
        addFlags(word, sequenceFlags, reader, &context)
        if word & 0x01 != 0 {
            let isWide = word & 0x02 != 0
            let item = try addNumber(dataAcknowledgment, isWide: isWide, &reader, &context)
            if isWide { context.appendLabel(item) { $0.append(" (64bits)") } }
        }
        guard word & 0x04 != 0 else { return }
        let isWide = word & 0x08 != 0
        let item = try addNumber(dataSequence, isWide: isWide, &reader, &context)
        context.appendLabel(item) { $0.append(isWide ? "  (64bits version)" : "  (32bits version)") }
        try context.uint32(subflowSequence, &reader)
        try context.uint16(dataLength, &reader)
    }

    private func addNumber(_ field: FieldID, isWide: Bool, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) -> ItemRef {
        let value = isWide ? try reader.uint64() : UInt64(try reader.uint32())
        let byteCount = isWide ? 8 : 4
        return context.add(field, reader, reader.offset - byteCount, byteCount, value: value)
    }

    // MARK: Addresses

    /// ADD_ADDR (RFC 8684, section 3.4.1; RFC 6824, section 3.4.1, has the IP version where the echo bit now is): the length
    /// tells which address it is, and whether a port and a code follow.
    private func addAddress(_ word: UInt8, _ byteCount: Int, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let hasFamily = word & 0x0f == 4 || word & 0x0f == 6
        context.bits(hasFamily ? addressFamily : echo, reader, reader.offset - 1, 1, word: UInt64(word))
        try context.uint8(addressIdentifier, &reader)
        switch byteCount {
        case 8, 10, 16, 18: try context.uint32(addressIPv4, &reader)
        case 20, 22, 28, 30:
            context.add(addressIPv6, reader, reader.offset, 16)
            try reader.skip(16)
        default: return
        }
        if [10, 18, 22, 30].contains(byteCount) { try context.uint16(port, &reader) }
        if [16, 18, 28, 30].contains(byteCount) { try context.uint64(addressCode, &reader) }
    }

    /// REMOVE_ADDR (RFC 8684, section 3.4.2).
    private func addRemoval(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        context.add(removedCount, reader, reader.offset - 1, 1, value: UInt64(reader.remaining))
        while reader.remaining > 0 { try context.uint8(addressIdentifier, &reader) }
    }

    // MARK: Tables

    private static let subtypes = ValueStrings([
        (0, "Multipath Capable"), (1, "Join Connection"), (2, "Data Sequence Signal"), (3, "Add Address"), (4, "Remove Address"),
        (5, "Change Subflow Priority"), (6, "TCP Fallback"), (7, "Fast Close"), (8, "TCP Reset"),
    ])

    private static let reasons = ValueStrings([
        (0, "Unspecified error"), (1, "MPTCP-specific error"), (2, "Lack of resources"), (3, "Administratively prohibited"),
        (4, "Too much outstanding data"), (5, "Unacceptable performance"), (6, "Middlebox interference"),
    ])
}
