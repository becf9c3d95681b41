import Dissection
import Wire

/// TCP options of accelerators: the Space Communications Protocol Specification's (CCSDS 714.0-B-2, section 3.2; its
/// extended capabilities are not decoded), and Riverbed's probes for its appliances and their transparent addressing.
struct TCPAccelerationOptions: Sendable {
    enum Kind {
        static let capabilities: UInt8 = 20
        static let negativeAcknowledgment: UInt8 = 21
        static let recordBoundary: UInt8 = 22
        static let corruption: UInt8 = 23
        static let probe: UInt8 = 76
        static let transparency: UInt8 = 78
    }

    let shapes: [UInt8: TCPOptions.Shape]
    private let vector, vectorReserved, connection: FieldID
    private let vectorFlags: [FieldID]
    private let holeOffset, holeSize: FieldID
    private let probe: TCPProbeOption
    private let transparency, sourceAddress, destinationAddress, sourcePort, destinationPort: FieldID
    private let transparencyFlags: [FieldID]

    init(badLength: ExpertID, registering r: inout Registrar) {
        vector = r.field("tcp.options.scps.vector", "TCP SCPS Capabilities Vector", .uint8, .hex)
        vectorFlags = [
            r.flag("tcp.options.scpsflags.bets", "Partial Reliability Capable (BETS)", wordBits: 8, mask: 0x80),
            r.flag("tcp.options.scpsflags.snack1", "Short Form SNACK Capable (SNACK1)", wordBits: 8, mask: 0x40),
            r.flag("tcp.options.scpsflags.snack2", "Long Form SNACK Capable (SNACK2)", wordBits: 8, mask: 0x20),
            r.flag("tcp.options.scpsflags.compress", "Lossless Header Compression (COMP)", wordBits: 8, mask: 0x10),
            r.flag("tcp.options.scpsflags.nlts", "Network Layer Timestamp (NLTS)", wordBits: 8, mask: 0x08),
        ]
        vectorReserved = r.field("tcp.options.scpsflags.reserved", "Reserved", .uint8, .decimal, mask: 0x07)
        connection = r.field("tcp.options.scps.binding", "Connection ID", .uint8, .decimal)
        holeOffset = r.field("tcp.options.snack.offset", "TCP SNACK Offset", .uint16, .decimal)
        holeSize = r.field("tcp.options.snack.size", "TCP SNACK Size", .uint16, .decimal)
        probe = TCPProbeOption(badLength: badLength, registering: &r)
        let prefix = "tcp.options.rvbd.trpy."
        transparency = r.field(prefix + "flags", "Transparency Options", .uint16, .hex)
        transparencyFlags = [
            r.flag(prefix + "flags.fw_rst_probe", "Enable FW traversal feature", wordBits: 16, mask: 0x0400),
            r.flag(prefix + "flags.fw_rst_inner", "Enable Inner FW feature on All FWs", wordBits: 16, mask: 0x0200),
            r.flag(prefix + "flags.fw_rst", "Enable Transparency FW feature on All FWs", wordBits: 16, mask: 0x0100),
            r.flag(prefix + "flags.chksum", "Reserved", wordBits: 16, mask: 0x0004),
            r.flag(prefix + "flags.oob", "Out of band connection", wordBits: 16, mask: 0x0002),
            r.flag(prefix + "flags.mode", "Transparency Mode", wordBits: 16, mask: 0x0001, "Port Transparency", "Full Transparency"),
        ]
        sourceAddress = r.field(prefix + "src.ip", "Src SH IP Addr", .ipv4)
        destinationAddress = r.field(prefix + "dst.ip", "Dst SH IP Addr", .ipv4)
        sourcePort = r.field(prefix + "src.port", "Src SH Inner Port", .uint16, .decimal)
        destinationPort = r.field(prefix + "dst.port", "Dst SH Inner Port", .uint16, .decimal)
        shapes = Self.registerShapes(&r)
    }

    private static func registerShapes(_ r: inout Registrar) -> [UInt8: TCPOptions.Shape] {
        var shapes: [UInt8: TCPOptions.Shape] = [:]
        func add(_ kind: UInt8, _ suffix: String, _ name: StaticString, byteCount: Int? = nil, _ r: inout Registrar) {
            let field = r.field("tcp.options." + suffix, "TCP Option - \(name)", .bytes, isOwnProtocol: true)
            shapes[kind] = TCPOptions.Shape(name: name, title: name, field: field, byteCount: byteCount)
        }
        add(Kind.capabilities, "scps", "SCPS capabilities", &r)
        add(Kind.negativeAcknowledgment, "snack", "Selective Negative Acknowledgment", byteCount: 6, &r)
        add(Kind.recordBoundary, "scpsrec", "SCPS record boundary", byteCount: 2, &r)
        add(Kind.corruption, "scpscor", "SCPS corruption experienced", byteCount: 2, &r)
        add(Kind.probe, "rvbd.probe", "Riverbed Probe", &r)
        add(Kind.transparency, "rvbd.trpy", "Riverbed Transparency", byteCount: 16, &r)
        return shapes
    }

    func addContent(
        _ place: TCPOptionPlace, _ reader: inout Reader, _ segment: TCPOptionSegment, _ context: inout Context
    ) throws(DissectionError) {
        switch place.kind {
        case Kind.capabilities: try addCapabilities(place, &reader, &context)
        case Kind.negativeAcknowledgment:
            try context.uint16(holeOffset, &reader)
            try context.uint16(holeSize, &reader)
        case Kind.probe: try probe.addContent(place, &reader, segment, &context)
        case Kind.transparency: try addTransparency(place, &reader, &context)
        default: break
        }
    }

    private func addCapabilities(_ place: TCPOptionPlace, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        guard reader.remaining == 2 else {
            let count = reader.remaining + 2
            return context.label(place.item) {
                $0.append("Illegal SCPS Extended Capabilities (")
                $0.append(decimal: count)
                $0.append(" bytes)")
            }
        }
        let word = UInt64(try reader.uint8())
        let item = context.add(vector, reader, reader.offset - 1, 1, value: word)
        if word != 0 {
            context.appendLabel(item) {
                $0.append(" (")
                Self.appendCapabilities(word, &$0)
                $0.append(")")
            }
        }
        context.open()
        for flag in vectorFlags { context.bits(flag, reader, reader.offset - 1, 1, word: word) }
        context.bits(vectorReserved, reader, reader.offset - 1, 1, word: word)
        context.close()
        let connectionValue = try context.uint8(connection, &reader)
        guard word != 0, context.columns.accepts else { return }
        context.columns.appendInfo(" SCPS[")
        Self.appendCapabilities(word, &context.columns.info)
        context.columns.appendInfo("]")
        if connectionValue != 0 { context.appendInfo(" Connection ID=", UInt64(connectionValue)) }
    }

    private static func appendCapabilities(_ word: UInt64, _ text: inout TextBuffer) {
        let names: [(UInt64, StaticString)] = [
            (0x80, "BETS"), (0x40, "SNACK1"), (0x20, "SNACK2"), (0x10, "COMP"), (0x08, "NLTS"), (0x07, "RESERVED"),
        ]
        var separator: StaticString = ""
        for (mask, name) in names where word & mask != 0 {
            text.append(separator)
            text.append(name)
            separator = ", "
        }
    }

    private func addTransparency(_ place: TCPOptionPlace, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let word = UInt64(try context.uint16(transparency, &reader))
        context.open()
        for flag in transparencyFlags { context.bits(flag, reader, reader.offset - 2, 2, word: word) }
        context.close()
        let source = try context.uint32(sourceAddress, &reader)
        let destination = try context.uint32(destinationAddress, &reader)
        let ports = (try context.uint16(sourcePort, &reader), try context.uint16(destinationPort, &reader))
        context.appendLabel(place.item) {
            $0.append(" ")
            $0.append(ipv4: source)
            $0.append(":")
            $0.append(decimal: ports.0)
            $0.append(" -> ")
            $0.append(ipv4: destination)
            $0.append(":")
            $0.append(decimal: ports.1)
        }
    }
}
