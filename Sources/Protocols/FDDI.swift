import Dissection
import Wire

/// Fiber Distributed Data Interface (ANSI X3.139, ISO 9314-2).
///
///     +---------------------+-----------------+-----------------+---------+
///     | frame control (1)   | destination (6) |   source (6)    | payload |
///     +---------------------+-----------------+-----------------+---------+
///
/// Captures have the addresses in the order in which a ring sends bits: the lowest of each byte comes first elsewhere. Not decoded:
/// station management, and the frames of the ring itself.
public struct FDDI: Dissector {
    /// The header as a value, with addresses as elsewhere.
    public struct Header: Equatable, Sendable {
        public static let byteCount = 13
        public var control: UInt8
        public var destination: UInt64
        public var source: UInt64

        public init(parsing reader: inout Reader) throws(DissectionError) {
            try reader.require(Self.byteCount)
            control = try reader.uint8()
            destination = Self.turned(try reader.uint48())
            source = Self.turned(try reader.uint48())
        }

        public func write(to bytes: inout [UInt8]) {
            bytes.append(control)
            for address in [destination, source] {
                for shift in stride(from: 40, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: Self.turned(address) >> UInt64(shift))) }
            }
        }

        /// An address with the bits of each byte turned round.
        private static func turned(_ address: UInt64) -> UInt64 {
            var result: UInt64 = 0
            for shift: UInt64 in stride(from: 40, through: 0, by: -8) {
                var byte = UInt8(truncatingIfNeeded: address >> shift)
                byte = byte >> 4 | byte << 4
                byte = byte >> 2 & 0x33 | byte << 2 & 0xcc
                byte = byte >> 1 & 0x55 | byte << 1 & 0xaa
                result |= UInt64(byte) << shift
            }
            return result
        }
    }

    /// What the upper half of the frame control says.
    private enum Class {
        static let stationManagement: UInt8 = 0x4
        static let asynchronous: UInt8 = 0x5
        static let ring: UInt8 = 0xc
    }
    private static let restrictedToken: UInt8 = 0xc0

    private let node, control, kind, priority, management, ring, destination, source, any: FieldID
    private let llc, data: DissectorID?

    public init(registering r: inout Registrar) {
        let proto = r.proto("fddi", "Fiber Distributed Data Interface", short: "FDDI")
        node = r.node(of: proto)
        control = r.field("fddi.fc", "Frame Control", .uint8, .hex) { value, text in
            text.append("0x")
            text.append(hex: value, width: 2)
            text.append(" (")
            Self.describe(UInt8(truncatingIfNeeded: value), &text)
            text.append(")")
        }
        kind = r.field("fddi.fc.clf", "Class/Length/Format", .uint8, .hex, strings: ValueStrings([
            (0x0, "Void"), (0x4, "SMT"), (0x5, "Async LLC"), (0x6, "Implementor Async"), (0x8, "Nonrestricted Token"), (0xc, "MAC"),
            (0xd, "Sync LLC"), (0xe, "Implementor Sync"),
        ]), mask: 0xf0)
        priority = r.field("fddi.fc.prio", "Priority", .uint8, .decimal, mask: 0x07)
        management = r.field("fddi.fc.smt_subtype", "SMT Subtype", .uint8, .decimal, strings: ValueStrings([(1, "Info"), (15, "Next Station Address")]), mask: 0x0f)
        ring = r.field("fddi.fc.mac_subtype", "MAC Subtype", .uint8, .decimal, strings: ValueStrings([(2, "Beacon"), (3, "Claim")]), mask: 0x0f)
        destination = r.field("fddi.dst", "Destination", .ethernet)
        source = r.field("fddi.src", "Source", .ethernet)
        any = r.field("fddi.addr", "Source or Destination Address", .ethernet)
        llc = r.dissector(named: "llc")
        data = r.dissector(named: "data")
        r.add(r.dissector(self, proto), to: "wtap_encap", 5, 6)
    }

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let layer = reader
        context.columns.setProtocol("FDDI")
        let header = try Header(parsing: &reader)
        context.setLinkAddresses(source: .ethernet(header.source), destination: .ethernet(header.destination))
        context.columns.clearInfo()
        if context.columns.accepts { Self.describe(header.control, &context.columns.info) }
        let top = context.begin(node, layer, byteCount: Header.byteCount)
        context.appendLabel(top) {
            $0.append(", ")
            Self.describe(header.control, &$0)
        }
        addControl(header.control, layer, &context)
        addAddress(header.destination, destination, layer, layer.start + 1, &context)
        addAddress(header.source, source, layer, layer.start + 7, &context)
        context.close()
        if let next = header.control >> 4 == Class.asynchronous ? llc : data { context.run(next, reader.rest) }
    }

    private func addControl(_ value: UInt8, _ layer: Reader, _ context: inout Context) {
        let word = UInt64(value)
        context.add(control, layer, layer.start, 1, value: word)
        context.open()
        context.bits(kind, layer, layer.start, 1, word: word)
        switch value >> 4 {
        case Class.asynchronous where value & 8 == 0: context.bits(priority, layer, layer.start, 1, word: word)
        case Class.stationManagement: context.bits(management, layer, layer.start, 1, word: word)
        case Class.ring where value != Self.restrictedToken: context.bits(ring, layer, layer.start, 1, word: word)
        default: break
        }
        context.close()
    }

    private func addAddress(_ address: UInt64, _ field: FieldID, _ layer: Reader, _ offset: Int, _ context: inout Context) {
        context.add(field, layer, offset, 6, value: address)
        context.add(any, layer, offset, 6, value: address, flags: .hidden)
        context.add(field, layer, offset, 6, value: address, flags: .hidden)
        context.add(any, layer, offset, 6, value: address, flags: .hidden)
    }

    /// What a frame is: `Async LLC frame, priority 0`.
    private static func describe(_ control: UInt8, _ text: inout TextBuffer) {
        let low = UInt64(control & 0x0f)
        func append(_ name: StaticString, numbered: Bool = true) {
            text.append(name)
            guard numbered else { return }
            text.append(", control ")
            text.append(hex: low)
        }
        switch (control >> 4, low) {
        case (0x0, _): text.append("Void frame")
        case (0x4, 1): text.append("SMT info")
        case (0x4, 15): text.append("SMT Next station address")
        case (0x4, _): append("SMT frame")
        case (0x5, 0...7):
            text.append("Async LLC frame, priority ")
            text.append(decimal: low)
        case (0x5, _): append("Async LLC frame")
        case (0x6, _): append("Implementor async frame")
        case (0x8, 0): text.append("Nonrestricted token")
        case (0xc, 0): text.append("Restricted token")
        case (0xc, 2): text.append("MAC beacon")
        case (0xc, 3): text.append("MAC claim token")
        case (0xc, _): append("MAC frame")
        case (0xd, _): append("Sync LLC frame", numbered: low != 0)
        case (0xe, _): append("Implementor sync frame")
        default: text.append("Unknown frame type")
        }
    }
}
