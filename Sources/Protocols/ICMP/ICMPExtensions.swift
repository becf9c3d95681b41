import Dissection
import Wire

/// The multi-part extensions at the end of ICMP messages (RFC 4884, section 7), with the objects for the MPLS label stack
/// (RFC 4950), interface information (RFC 5837) and interface identification (RFC 8335, section 2.1).
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +-------+-----------------------+-------------------------------+
///     |Version|       Reserved        |           Checksum            |
///     +-------+-----------------------+---------------+---------------+
///     |            Length             |   Class-Num   |    C-Type     |
///     +-------------------------------+---------------+---------------+
///     |                        object payload …                       |
///
/// A dissector that ICMP and ICMPv6 run within their own layer.
struct ICMPExtensions: Dissector {
    private static let headerByteCount = 4
    private static let objectHeaderByteCount = 4
    /// Objects of one message, at most: each has four bytes or more of a packet of 64 KB.
    private static let objectLimit = 16384

    private let node, version, reserved, length, objectClass, classType, objectData: FieldID
    private let checksum: VerifiedChecksum
    private let mpls: LabelStackObject
    private let information: InterfaceInformationObject
    private let identification: InterfaceIdentificationObject

    /// Registers the fields within the protocol `icmp`.
    init(_ proto: ProtocolID, reserved reservedBytes: FieldID, _ r: inout Registrar) {
        node = r.field("icmp.ext", "ICMP Extensions", .none)
        version = r.field("icmp.ext.version", "Version", .uint8, .decimal)
        reserved = r.field("icmp.ext.res", "Reserved", .uint16, .hex, mask: 0xfff)
        checksum = VerifiedChecksum("icmp.ext.checksum", bad: "icmp.ext.checksum_bad", &r)
        length = r.field("icmp.ext.length", "Length", .uint16, .decimal)
        objectClass = r.field("icmp.ext.class", "Class", .uint8, .decimal, strings: ValueStrings([
            (1, "MPLS Label Stack Class"), (2, "Interface Information Object"), (3, "Interface Identification Object"),
        ]))
        classType = r.field("icmp.ext.ctype", "C-Type", .uint8, .decimal)
        objectData = r.field("icmp.ext.data", "Data", .bytes)
        mpls = LabelStackObject(classType, objectData, &r)
        information = InterfaceInformationObject(classType, reservedBytes, &r)
        identification = InterfaceIdentificationObject(classType, &r)
        r.add(r.dissector(self, proto, name: "icmp_extension"), to: "icmp.extension", 0)
    }

    func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let start = reader.offset
        let top = context.add(node, reader, start, reader.capturedRemaining)
        context.label(top) { $0.append("ICMP Multi-Part Extensions") }
        guard reader.remaining >= Self.headerByteCount else { return }
        context.open()
        defer { context.close() }
        let word = try reader.uint16()
        let versionNumber = word >> 12
        context.add(version, reader, start, 1, value: UInt64(versionNumber))
        context.bits(reserved, reader, start, 2, word: UInt64(word))
        try addChecksum(&reader, from: start, &context)
        guard versionNumber == 1 || versionNumber == 2 else {
            context.appendLabel(top) { $0.append(" (unsupported version)") }
            return
        }
        var objectCount = 0
        while reader.remaining >= Self.objectHeaderByteCount, objectCount < Self.objectLimit, try addObject(&reader, &context) {
            objectCount += 1
        }
    }

    private func addChecksum(_ reader: inout Reader, from start: Int, _ context: inout Context) throws(DissectionError) {
        let offset = reader.offset
        let stored = try reader.uint16()
        if stored == 0 {
            checksum.addMissing(reader, offset, &context)
        } else if reader.capturedEnd < reader.reportedEnd {
            checksum.addUnverified(stored, " [fragmented datagram]", reader, offset, &context)
        } else {
            var sum = InternetChecksum()
            sum.add(reader.captured(start, reader.reportedEnd - start))
            checksum.add(stored, sum, reader, offset, &context)
        }
    }

    /// Adds an object. Returns false if no other can follow.
    private func addObject(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) -> Bool {
        let start = reader.offset
        let stated = Int(try reader.uint16())
        let classNumber = try reader.uint8()
        let type = try reader.peekUInt8()
        let available = reader.reportedEnd - start
        let isBad = stated < Self.objectHeaderByteCount
        context.heading(reader, start, min(isBad ? Self.objectHeaderByteCount : stated, reader.capturedEnd - start)) {
            if isBad { $0.append("Object with bad length") } else { Self.appendTitle(classNumber, type, &$0) }
            if stated > available { $0.append(" (truncated)") }
        }
        context.open()
        defer { context.close() }
        context.add(length, reader, start, 2, value: UInt64(stated))
        context.add(objectClass, reader, start + 2, 1, value: UInt64(classNumber))
        if isBad { return false }
        var object = reader.next(start + stated - reader.offset)
        switch classNumber {
        case 1: try mpls.add(&object, &context)
        case 2: try information.add(&object, &context)
        case 3: try identification.add(&object, &context)
        default:
            try context.uint8(classType, &object)
            try context.addRest(objectData, &object)
        }
        reader.offset = object.reportedEnd
        return true
    }

    private static func appendTitle(_ classNumber: UInt8, _ type: UInt8, _ text: inout TextBuffer) {
        switch (classNumber, type) {
        case (1, 1): text.append("MPLS Stack Entry")
        case (2, _): text.append("Interface Information Object")
        case (3, _): text.append("Interface Identification Object")
        default:
            text.append("Unknown object (")
            text.append(decimal: classNumber)
            text.append("/")
            text.append(decimal: type)
            text.append(")")
        }
    }
}

/// The label stack of an MPLS packet (RFC 4950, section 2): entries of four bytes, as in RFC 3032, section 2.1.
private struct LabelStackObject: Sendable {
    private static let entryByteCount = 4

    private let classType, objectData, label, experimental, bottom, timeToLive, data: FieldID

    init(_ classType: FieldID, _ objectData: FieldID, _ r: inout Registrar) {
        self.classType = classType
        self.objectData = objectData
        label = r.field("icmp.mpls.label", "Label", .uint24, .decimal, mask: 0xfffff0)
        experimental = r.field("icmp.mpls.exp", "Experimental", .uint24, .decimal, mask: 0x0e)
        bottom = r.flag("icmp.mpls.s", "Stack bit", wordBits: 24, mask: 0x01)
        timeToLive = r.field("icmp.mpls.ttl", "Time to live", .uint8, .decimal)
        data = r.field("icmp.mpls.data", "Data", .bytes)
    }

    func add(_ object: inout Reader, _ context: inout Context) throws(DissectionError) {
        let type = try context.uint8(classType, &object)
        guard type == 1 else {
            context.add(classType, object, object.offset - 1, 1, value: UInt64(type))
            try context.addRest(objectData, &object)
            return
        }
        while object.remaining >= Self.entryByteCount { try addEntry(&object, &context) }
        try context.addRest(data, &object)
    }

    private func addEntry(_ object: inout Reader, _ context: inout Context) throws(DissectionError) {
        let start = object.offset
        let entry = try object.uint32()
        let word = UInt64(entry >> 8)
        context.heading(object, start, Self.entryByteCount) {
            $0.append("Label: ")
            $0.append(decimal: entry >> 12)
            $0.append(", Exp: ")
            $0.append(decimal: entry >> 9 & 7)
            $0.append(", S: ")
            $0.append(decimal: entry >> 8 & 1)
            $0.append(", TTL: ")
            $0.append(decimal: entry & 0xff)
        }
        context.open()
        context.bits(label, object, start, 3, word: word)
        context.bits(experimental, object, start + 2, 1, word: word)
        context.bits(bottom, object, start + 2, 1, word: word)
        context.add(timeToLive, object, start + 3, 1, value: UInt64(entry & 0xff))
        context.close()
    }
}

/// What is known of an interface that the datagram met (RFC 5837, section 4); the C-Type says which parts follow.
private struct InterfaceInformationObject: Sendable {
    private let classType: FieldID
    private let typeParts: [FieldID]
    private let index, family, reservedBytes, ipv4, ipv6, nameLength, name, mtu: FieldID
    private static let roles = ValueStrings([
        (0, "IP interface upon which datagram arrived"), (1, "sub-IP component of an IP interface upon which datagram arrived"),
        (2, "IP interface through which datagram would be forwarded"), (3, "IP next-hop to which datagram would be forwarded"),
    ])

    init(_ classType: FieldID, _ reservedBytes: FieldID, _ r: inout Registrar) {
        self.classType = classType
        self.reservedBytes = reservedBytes
        typeParts = [
            r.field("icmp.int_info.role", "Interface Role", .uint8, .decimal, strings: Self.roles, mask: 0xc0),
            r.field("icmp.int_info.reserved", "Reserved", .uint8, .decimal, mask: 0x30),
            r.flag("icmp.int_info.ifindex", "ifIndex", wordBits: 8, mask: 0x08, "True", "False"),
            r.flag("icmp.int_info.ipaddr", "IP Address", wordBits: 8, mask: 0x04, "Present", "Not Present"),
            r.flag("icmp.int_info.name_present", "Interface Name", wordBits: 8, mask: 0x02, "Present", "Not Present"),
            r.flag("icmp.int_info.mtu_present", "MTU", wordBits: 8, mask: 0x01, "Present", "Not Present"),
        ]
        index = r.field("icmp.int_info.index", "Interface Index", .uint32, .decimal)
        family = r.field("icmp.int_info.afi", "Address Family Identifier", .uint16, .decimal)
        ipv4 = r.field("icmp.int_info.ipv4", "Source", .ipv4)
        ipv6 = r.field("icmp.int_info.ipv6", "Source", .ipv6)
        nameLength = r.field("icmp.int_info.name_length", "Name Length", .uint8, .decimal)
        name = r.field("icmp.int_info.name", "Name", .string)
        mtu = r.field("icmp.int_info.mtu", "Maximum Transmission Unit", .uint32, .decimal)
    }

    func add(_ object: inout Reader, _ context: inout Context) throws(DissectionError) {
        let type = try object.uint8()
        addType(type, object, &context)
        if type & 0x08 != 0 { try context.uint32(index, &object) }
        if type & 0x04 != 0 { try addAddress(&object, &context) }
        if type & 0x02 != 0 { try addName(&object, &context) }
        if type & 0x01 != 0 { try context.uint32(mtu, &object) }
    }

    private func addType(_ type: UInt8, _ object: Reader, _ context: inout Context) {
        let offset = object.offset - 1
        let word = UInt64(type)
        context.appendLabel(context.add(classType, object, offset, 1, value: word)) {
            $0.append(", Interface Role: ")
            $0.append(Self.roles.name(of: word >> 6) ?? "Unknown")
            for (bit, text) in [(0x08, ", ifIndex"), (0x04, ", IP Address"), (0x02, ", Interface Name"), (0x01, ", MTU")] as [(UInt8, StaticString)]
            where type & bit != 0 { $0.append(text) }
        }
        context.open()
        for part in typeParts { context.bits(part, object, offset, 1, word: word) }
        context.close()
    }

    /// The family's number (IANA address family numbers), two bytes of zeros, the address.
    private func addAddress(_ object: inout Reader, _ context: inout Context) throws(DissectionError) {
        let number = try object.peekUInt16()
        let addressByteCount = number == 1 ? 4 : 16
        guard number == 1 || number == 2 else { throw DissectionError(.malformed, offset: object.offset, byteCount: 2) }
        try object.require(4 + addressByteCount)
        context.heading(object, object.offset, 4 + addressByteCount) { $0.append("IP Address Sub-Object") }
        context.open()
        defer { context.close() }
        try context.uint16(family, &object)
        try object.skip(2)
        context.add(reservedBytes, object, object.offset - 2, 2)
        if number == 1 {
            let address = try object.uint32()
            context.add(ipv4, object, object.offset - 4, 4, value: UInt64(address))
        } else {
            try object.skip(16)
            context.add(ipv6, object, object.offset - 16, 16)
        }
    }

    /// A length, which counts itself, and the name, filled up with zeros to a multiple of four.
    private func addName(_ object: inout Reader, _ context: inout Context) throws(DissectionError) {
        let start = object.offset
        let byteCount = Int(try object.uint8())
        guard byteCount <= object.capturedEnd - start else { throw object.shortfall(byteCount, at: start) }
        context.heading(object, start, byteCount) { $0.append("Interface Name Sub-Object") }
        context.open()
        defer { context.close() }
        context.add(nameLength, object, start, 1, value: UInt64(byteCount))
        guard byteCount > 0, object.remaining >= byteCount else { return }
        try context.addString(name, byteCount - 1, &object)
    }
}

/// The interface that an extended echo asks about (RFC 8335, section 2.1), by name, by index or by address.
private struct InterfaceIdentificationObject: Sendable {
    private let classType, name, index, family, addressLength, reserved, ipv4, ipv6, address: FieldID

    init(_ classType: FieldID, _ r: inout Registrar) {
        self.classType = classType
        name = r.field("icmp.int_ident.name", "Name", .string)
        index = r.field("icmp.int_ident.index", "Interface Index", .uint32, .decimal)
        family = r.field("icmp.int_ident.afi", "Address Family Identifier", .uint16, .decimal, strings: AddressFamilies.strings)
        addressLength = r.field("icmp.int_ident.addr_length", "Address Length", .uint8, .decimal)
        reserved = r.field("icmp.int_ident.reserved", "Reserved", .bytes)
        ipv4 = r.field("icmp.int_ident.ipv4", "Address", .ipv4)
        ipv6 = r.field("icmp.int_ident.ipv6", "Address", .ipv6)
        address = r.field("icmp.int_ident.address", "Address", .bytes)
    }

    func add(_ object: inout Reader, _ context: inout Context) throws(DissectionError) {
        let type = try object.uint8()
        context.appendLabel(context.add(classType, object, object.offset - 1, 1, value: UInt64(type))) {
            switch type {
            case 1: $0.append(" (Identifies Interface By Name)")
            case 2: $0.append(" (Identifies Interface By Index)")
            case 3: $0.append(" (Identifies Interface By Address)")
            default:
                $0.append(" (Unknown C-Type ")
                $0.append(decimal: type)
                $0.append(")")
            }
        }
        switch type {
        case 1: try context.addString(name, object.remaining, &object)
        case 2: try context.uint32(index, &object)
        case 3: try addAddress(&object, &context)
        default: break
        }
    }

    private func addAddress(_ object: inout Reader, _ context: inout Context) throws(DissectionError) {
        let number = try context.uint16(family, &object)
        try context.uint8(addressLength, &object)
        try object.skip(1)
        context.add(reserved, object, object.offset - 1, 1)
        switch number {
        case 1:
            let value = try object.uint32()
            context.add(ipv4, object, object.offset - 4, 4, value: UInt64(value))
        case 2:
            try object.skip(16)
            context.add(ipv6, object, object.offset - 16, 16)
        default: try context.addRest(address, &object)
        }
    }
}

extension Context {
    /// Reads what is left and adds it, if there is anything.
    fileprivate mutating func addRest(_ field: FieldID, _ reader: inout Reader) throws(DissectionError) {
        if reader.remaining > 0 { try addBytes(field, reader.remaining, &reader) }
    }
}
