import Dissection
import Wire

/// A list of what a server says of itself ([MS-NLMP], section 2.2.2.1): type (2), byte count (2), value.
struct NTLMAttributePairs: Sendable {
    private enum PairType {
        static let end: UInt16 = 0
        static let flags: UInt16 = 6
        static let timestamp: UInt16 = 7
    }

    private let type, length: FieldID
    /// By type, from 1.
    private let values: [FieldID]
    private let unknown: ExpertID

    /// - Parameters:
    ///   - prefix: of the fields' names.
    ///   - title: what an item of the list is called.
    ///   - unknown: raised by types that are not known.
    init(_ prefix: String, _ title: String, unknown: ExpertID, _ r: inout Registrar) {
        self.unknown = unknown
        type = r.field(prefix + ".item.type", title + " Type", .uint16, .hex, strings: NTLMNames.pairs)
        length = r.field(prefix + ".item.length", title + " Length", .uint16, .decimal)
        values = [
            r.field(prefix + ".nb_computer_name", "NetBIOS Computer Name", .string), r.field(prefix + ".nb_domain_name", "NetBIOS Domain Name", .string),
            r.field(prefix + ".dns_computer_name", "DNS Computer Name", .string), r.field(prefix + ".dns_domain_name", "DNS Domain Name", .string),
            r.field(prefix + ".dns_tree_name", "DNS Tree Name", .string), r.field(prefix + ".flags", "Flags", .uint32, .hex),
            r.field(prefix + ".timestamp", "Timestamp", .absoluteTime, .utc), r.field(prefix + ".restrictions", "Restrictions", .bytes),
            r.field(prefix + ".target_name", "Target Name", .string), r.field(prefix + ".channel_bindings", "Channel Bindings", .bytes),
        ]
    }

    func add(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        // Each item takes four bytes at least.
        while reader.remaining > 0 {
            if try addItem(&reader, &context) == PairType.end { return }
        }
    }

    private func addItem(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) -> UInt16 {
        let start = reader.offset
        try reader.skip(4)
        let (number, byteCount) = (reader.bytes.uint16LE(start), Int(reader.bytes.uint16LE(start + 2)))
        try reader.skip(byteCount)
        var part = reader
        part.offset = start + 4
        part = part.next(byteCount)
        let field = number > 0 && number <= values.count ? values[Int(number) - 1] : nil
        let isText = field.map { context.registry[$0].type == .string } ?? false
        _ = context.heading(reader, start, 4 + byteCount) {
            $0.append("Attribute: ")
            if let name = NTLMNames.pairs.name(of: UInt64(number)) {
                $0.append(name)
            } else {
                $0.append("Unknown (")
                $0.append(decimal: number)
                $0.append(")")
            }
            guard isText else { return }
            $0.append(": ")
            $0.append(part, isUnicode: true)
        }
        context.open()
        context.add(type, reader, start, 2, value: UInt64(number), flags: .littleEndian)
        context.add(length, reader, start + 2, 2, value: UInt64(byteCount), flags: .littleEndian)
        if let field { addValue(number, field, part, &context) } else if number != PairType.end { addUnknown(part, &context) }
        context.close()
        return number
    }

    private func addUnknown(_ part: Reader, _ context: inout Context) {
        _ = context.heading(part, part.start, part.remaining) { $0.append("unknown NTLMSSP Target Info Attribute") }
        context.open()
        context.expert(unknown)
        context.close()
    }

    private func addValue(_ number: UInt16, _ field: FieldID, _ part: Reader, _ context: inout Context) {
        switch (number, part.remaining) {
        case (PairType.timestamp, 8): context.add(field, part, part.start, 8, value: WindowsTime.nanoseconds(part.bytes.uint64LE(part.start)), flags: .littleEndian)
        case (PairType.flags, 4): context.add(field, part, part.start, 4, value: UInt64(part.bytes.uint32LE(part.start)), flags: .littleEndian)
        case (PairType.timestamp, _), (PairType.flags, _): break
        default:
            if context.registry[field].type == .bytes {
                context.add(field, part, part.start, part.remaining)
            } else {
                _ = context.addText(field, part, part.start, part.remaining) { $0.append(part, isUnicode: true) }
            }
        }
    }
}

/// The second version of a response, which proves a password over what both sides said ([MS-NLMP], section 2.2.2.8).
struct NTLMv2Response: Sendable {
    private let node, proof, version, highestVersion, zeros, time, challenge: FieldID
    private let pairs: NTLMAttributePairs

    init(unknownPair: ExpertID, _ r: inout Registrar) {
        node = r.field("ntlmssp.ntlmv2_response", "NTLMv2 Response", .bytes)
        proof = r.field("ntlmssp.ntlmv2_response.ntproofstr", "NTProofStr", .bytes)
        version = r.field("ntlmssp.ntlmv2_response.rversion", "Response Version", .uint8, .decimal)
        highestVersion = r.field("ntlmssp.ntlmv2_response.hirversion", "Hi Response Version", .uint8, .decimal)
        zeros = r.field("ntlmssp.ntlmv2_response.z", "Z", .bytes)
        time = r.field("ntlmssp.ntlmv2_response.time", "Time", .absoluteTime, .utc)
        challenge = r.field("ntlmssp.ntlmv2_response.chal", "NTLMv2 Client Challenge", .bytes)
        pairs = NTLMAttributePairs("ntlmssp.ntlmv2_response", "NTLMV2 Response Item", unknown: unknownPair, &r)
    }

    func add(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        context.add(node, reader, reader.start, reader.capturedRemaining)
        context.open()
        try context.addBytes(proof, 16, &reader)
        try context.uint8(version, &reader)
        try context.uint8(highestVersion, &reader)
        try context.addBytes(zeros, 6, &reader)
        try reader.skip(8)
        context.add(time, reader, reader.offset - 8, 8, value: WindowsTime.nanoseconds(reader.bytes.uint64LE(reader.offset - 8)), flags: .littleEndian)
        try context.addBytes(challenge, 8, &reader)
        try context.addBytes(zeros, 4, &reader)
        try pairs.add(&reader, &context)
        context.close()
    }
}

/// Time in tenths of microseconds since 1601.
enum WindowsTime {
    private static let epochSeconds: Int64 = -11_644_473_600

    /// The same moment in nanoseconds since 1970, as far as they reach, as an item's value.
    static func nanoseconds(_ ticks: UInt64) -> UInt64 {
        let ticks = Int64(clamping: ticks)
        let time = Timestamp(seconds: ticks / 10_000_000 + epochSeconds, nanoseconds: Int32(truncatingIfNeeded: ticks % 10_000_000 * 100))
        return UInt64(bitPattern: time.totalNanoseconds)
    }
}
