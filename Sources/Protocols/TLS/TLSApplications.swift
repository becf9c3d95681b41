import Dissection
import Wire

/// What a connection carries: as agreed on in the handshake (RFC 7301), or by the port.
enum TLSApplications {
    /// Names of what both ports and agreements lead to. The first entry is for none.
    private static let names: [StaticString] = [
        "", "Hypertext Transfer Protocol", "HyperText Transfer Protocol 2", "Simple Mail Transfer Protocol",
        "Lightweight Directory Access Protocol", "Modbus/TCP", "Domain Name System", "Internet Message Access Protocol",
        "Post Office Protocol", "Q.931", "EtherNet/IP (Industrial Protocol)", "Skinny Client Control Protocol", "Intel Omni-Path FE Header - Omni-Path Fabric Executive Header",
        "DoIP (ISO13400) Protocol", "Session Initiation Protocol", "Advanced Message Queuing Protocol", "Constrained Application Protocol",
        "Diameter Protocol", "MQ Telemetry Transport Protocol", "Couchbase Protocol", "Distributed Network Protocol 3.0", "Mongo Wire Protocol",
        "RPKI-Router Protocol", "TPKT - ISO on TCP - RFC1006", "SPDY",
    ]

    /// The entry that a name of the Application-Layer Protocol Negotiation stands for; 0 for none.
    static func agreed(_ name: ByteView) -> UInt8 {
        if name.isEqual(to: "h2") || name.hasPrefix("h2-") { return 2 }
        if name.hasPrefix("http/1.") { return 1 }
        if name.isEqual(to: "dot") { return 6 }
        if name.hasPrefix("spdy/") { return 24 }
        return 0
    }

    private static func entry(ofPort port: UInt32) -> UInt8 {
        switch port {
        case 443: 1
        case 465: 3
        case 636: 4
        case 802: 5
        case 853: 6
        case 993: 7
        case 995: 8
        case 1300: 9
        case 2221: 10
        case 2443: 11
        case 3249...3252: 12
        case 3496: 13
        case 5061: 14
        case 5671: 15
        case 5684: 16
        case 5868: 17
        case 8883: 18
        case 11207: 19
        case 19999: 20
        case 27017: 21
        case 324: 22
        case 3389: 23
        default: 0
        }
    }

    static func isServerPort(_ port: UInt32) -> Bool { entry(ofPort: port) > 0 }

    /// The name of what was agreed on, or of what the first port that is known leads to.
    static func name(_ agreed: UInt8, _ ports: (UInt32, UInt32)) -> StaticString? {
        var entry = agreed
        if entry == 0 { entry = Self.entry(ofPort: ports.0) }
        if entry == 0 { entry = Self.entry(ofPort: ports.1) }
        return entry > 0 && Int(entry) < names.count ? names[Int(entry)] : nil
    }
}
