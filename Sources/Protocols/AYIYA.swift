import Dissection
import Registries
import Wire

/// Anything In Anything (draft-massar-v6ops-ayiya-02, section 4).
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +-------+-------+-------+-------+-------+-------+---------------+
///     | IDLen | IDType| SigLen|HshMeth|AutMeth| OpCode|  Next Header  |
///     +-------+-------+-------+-------+-------+-------+---------------+
///     |                           Epoch Time                          |
///     +---------------------------------------------------------------+
///     |         Identity (2 to the power of IDLen), Signature         |
///     +---------------------------------------------------------------+
///
/// The signature is shown and not checked.
public struct AYIYA: Dissector {
    /// The fixed part as a value.
    public struct Header: Equatable, Sendable {
        public static let byteCount = 8
        /// Two numbers of four bits a byte.
        public var lengthsAndMethods: UInt32
        public var epoch: UInt32

        public var identityByteCount: Int { 1 << Int(lengthsAndMethods >> 28) }
        public var signatureByteCount: Int { Int(lengthsAndMethods >> 20 & 0xf) * 4 }
        public var operation: UInt8 { UInt8(lengthsAndMethods >> 8 & 0xf) }
        public var nextHeader: UInt8 { UInt8(lengthsAndMethods & 0xff) }

        public init(parsing reader: inout Reader) throws(DissectionError) {
            lengthsAndMethods = try reader.uint32()
            epoch = try reader.uint32()
        }

        public func write(to bytes: inout [UInt8]) {
            bytes.append(bigEndian: lengthsAndMethods)
            bytes.append(bigEndian: epoch)
        }
    }

    private static let forward: UInt8 = 1

    private let node, nextHeader, epoch, identity, signature: FieldID
    private let halves: [FieldID]
    private let protocols: TableID
    private let data: DissectorID?

    public init(registering r: inout Registrar) {
        let proto = r.proto("ayiya", "Anything in Anything Protocol", short: "AYIYA")
        node = r.node(of: proto)
        func half(_ name: String, _ title: String, isHigh: Bool, _ strings: ValueStrings?, _ r: inout Registrar) -> FieldID {
            r.field("ayiya." + name, title, .uint8, .hex, strings: strings, isWholeLabel: true) { value, text in
                text.append(bitsOf: isHigh ? value << 4 : value, mask: isHigh ? 0xf0 : 0x0f, bitCount: 8)
                text.append(title)
                text.append(": ")
                if let strings {
                    text.append(strings.name(of: value) ?? "Unknown")
                    text.append(" (")
                }
                text.append("0x")
                text.append(hex: value, width: 2)
                if strings != nil { text.append(")") }
            }
        }
        halves = [
            half("idlen", "Identity field length", isHigh: true, nil, &r),
            half("idtype", "Identity field type", isHigh: false, ValueStrings([(0, "None"), (1, "Integer"), (2, "ASCII string")]), &r),
            half("siglen", "Signature Length", isHigh: true, nil, &r),
            half("hashmethod", "Hash method", isHigh: false, ValueStrings([(0, "No hash"), (1, "MD5"), (2, "SHA1")]), &r),
            half("authmethod", "Authentication method", isHigh: true, ValueStrings([
                (0, "No authentication"), (1, "Hash using a Shared Secret"), (2, "Hash using a public/private key method"),
            ]), &r),
            half("opcode", "Operation Code", isHigh: false, ValueStrings([
                (0, "No Operation / Heartbeat"), (1, "Forward"), (2, "Echo Request"), (3, "Echo Request and Forward"), (4, "Echo Response"),
                (5, "MOTD"), (6, "Query Request"), (7, "Query Response"),
            ]), &r),
        ]
        nextHeader = r.field("ayiya.nextheader", "Next Header", .uint8, .hex, strings: IPProtocols.strings)
        epoch = r.field("ayiya.epoch", "Epoch", .absoluteTime, .utc)
        identity = r.field("ayiya.identity", "Identity", .bytes)
        signature = r.field("ayiya.signature", "Signature", .bytes)
        protocols = r.table("ip.proto")
        data = r.dissector(named: "data")
        r.add(r.dissector(self, proto), to: "udp.port", 5072)
    }

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let layer = reader
        context.columns.setProtocol("AYIYA")
        let top = context.begin(node, layer, byteCount: layer.capturedRemaining)
        context.label(top) { $0.append("AYIYA") }
        for byte in 0..<3 {
            let word = UInt64(try reader.uint8())
            context.add(halves[2 * byte], layer, layer.start + byte, 1, value: word >> 4)
            context.add(halves[2 * byte + 1], layer, layer.start + byte, 1, value: word & 0xf)
        }
        try context.uint8(nextHeader, &reader)
        let seconds = try reader.uint32()
        context.add(epoch, layer, reader.offset - 4, 4, value: UInt64(seconds) * 1_000_000_000)
        var start = layer
        let header = try Header(parsing: &start)
        try context.addBytes(identity, header.identityByteCount, &reader)
        try context.addBytes(signature, header.signatureByteCount, &reader)
        context.setByteCount(top, reader.offset - layer.start)
        context.close()
        let rest = reader.rest
        guard header.operation == Self.forward, rest.remaining > 0 else { return }
        if !context.dispatch(protocols, UInt32(header.nextHeader), rest), let data { context.run(data, rest) }
    }
}
