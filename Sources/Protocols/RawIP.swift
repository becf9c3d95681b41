import Dissection
import Wire

/// Packets without a link layer (LINKTYPE_RAW): the first byte tells what each is.
public struct RawIP: Dissector {
    /// Some modem drivers put this many zeros before IPv4.
    private static let zeroByteCount = 10

    private let node: FieldID
    private let types, encapsulations: TableID
    private let data: DissectorID?

    public init(registering r: inout Registrar) {
        let proto = r.proto("raw", "Raw packet data", short: "Raw")
        node = r.node(of: proto)
        types = r.table("ethertype")
        encapsulations = r.table("wtap_encap")
        data = r.dissector(named: "data")
        r.add(r.dissector(self, proto), to: "wtap_encap", 7)
    }

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        context.columns.setProtocol("N/A")
        context.columns.setInfo("Raw packet data")
        context.begin(node, reader)
        context.close()
        try reader.require(1)
        if reader.peek16(0) == PPPFraming.start {
            if context.dispatch(encapsulations, PPPFraming.encapsulation, reader) { return }
        } else if let type = Self.etherType(reader) {
            if context.dispatch(types, type, reader) { return }
        } else if reader.has(Self.zeroByteCount), (0..<Self.zeroByteCount).allSatisfy({ reader.bytes[reader.offset + $0] == 0 }) {
            reader.offset += Self.zeroByteCount
            if context.dispatch(types, EtherType.ipv4, reader.rest) { return }
        }
        // One byte may be half of PPP's two.
        try reader.require(2)
        if let data { context.run(data, reader.rest) }
    }

    /// The EtherType that the version in the first four bits stands for.
    private static func etherType(_ reader: Reader) -> UInt32? {
        switch reader.bytes[reader.offset] >> 4 {
        case 4: EtherType.ipv4
        case 6: EtherType.ipv6
        default: nil
        }
    }
}

/// The EtherTypes that other layers than Ethernet stand in for.
enum EtherType {
    static let ipv4: UInt32 = 0x0800
    static let arp: UInt32 = 0x0806
    static let ipv6: UInt32 = 0x86dd
    static let providerBridge: UInt32 = 0x88a8
    static let backboneBridge: UInt32 = 0x88e7
}

/// Packets that begin like PPP in HDLC framing (RFC 1662, section 3.1), where their link type says otherwise.
enum PPPFraming {
    static let start: UInt16 = 0xff03
    /// PPP's number among the encapsulations.
    static let encapsulation: UInt32 = 4
}
