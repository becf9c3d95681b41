import Dissection
import Wire

/// The loopback interfaces of BSD (LINKTYPE_NULL and LINKTYPE_LOOP): four bytes with the address family, or with an EtherType.
///
/// The family stands in the byte order of the capturing host (LINKTYPE_NULL) or in network order (LINKTYPE_LOOP).
public struct NullLoopback: Dissector {
    private enum Family {
        static let ipv4: UInt32 = 2
        /// AF_INET6 of NetBSD and OpenBSD, of FreeBSD, and of macOS.
        static let ipv6: [UInt32] = [24, 28, 30]
    }

    /// Larger values in host order are EtherTypes.
    private static let largestFamily: UInt32 = 1500

    private let node, type, family: FieldID
    private let types, encapsulations: TableID
    private let data: DissectorID?
    private var isInNetworkOrder = false

    public init(registering r: inout Registrar) {
        let proto = r.proto("null", "Null/Loopback", short: "Null")
        node = r.node(of: proto)
        type = r.field("null.type", "Type", .uint16, .hex, strings: EtherTypes.strings)
        family = r.field("null.family", "Family", .uint32, .decimal, strings: Self.familyNames)
        types = r.table("ethertype")
        encapsulations = r.table("wtap_encap")
        data = r.dissector(named: "data")
        r.add(r.dissector(self, proto), to: "wtap_encap", 15)
        isInNetworkOrder = true
        r.add(r.dissector(self, proto), to: "wtap_encap", 174)
    }

    private static let familyNames = ValueStrings([
        (2, "IP"), (7, "OSI"), (16, "Appletalk"), (23, "Netware IPX/SPX"), (24, "IPv6"), (28, "IPv6"), (30, "IPv6"),
    ])

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        context.columns.setProtocol("N/A")
        context.columns.setInfo("Null/Loopback")
        if reader.peek16(0) == PPPFraming.start, context.dispatch(encapsulations, PPPFraming.encapsulation, reader) { return }
        try reader.require(4)
        context.begin(node, reader, byteCount: 4)
        let word = try reader.uint32()
        var value = isInNetworkOrder ? word : Self.hostValue(word.byteSwapped)
        let isFamily = isInNetworkOrder || value <= Self.largestFamily
        if !isFamily { value &= 0xffff }
        context.add(isFamily ? family : type, reader, reader.offset - 4, 4, value: UInt64(value))
        context.close()
        let rest = reader.rest
        if context.dispatch(types, isFamily ? Self.etherType(ofFamily: value) : value, rest) { return }
        if let data { context.run(data, rest) }
    }

    /// The family, from the word as a host with the low byte first has it. No family has a bit in the upper half: one
    /// that does was written by a host with the high byte first, as a word or as 16 bits that were filled up.
    private static func hostValue(_ word: UInt32) -> UInt32 {
        guard word >> 16 != 0 else { return word }
        return word >> 24 == 0 && word < 0x0006_0000 ? UInt32(UInt16(truncatingIfNeeded: word >> 16)) : word.byteSwapped
    }

    private static func etherType(ofFamily family: UInt32) -> UInt32 {
        family == Family.ipv4 ? EtherType.ipv4 : Family.ipv6.contains(family) ? EtherType.ipv6 : 0
    }
}
