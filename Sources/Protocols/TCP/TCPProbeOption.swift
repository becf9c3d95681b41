import Dissection
import Wire

/// Riverbed's probe: appliances on the way add theirs to a SYN and its answer to find each other. The form is known from
/// what is public about it alone.
struct TCPProbeOption: Sendable {
    /// What a probe is for.
    private enum Purpose {
        static let query: UInt8 = 0
        static let response: UInt8 = 1
        static let inside: UInt8 = 2
        static let trace: UInt8 = 3
        static let queryAppliance: UInt8 = 4
        static let responseAppliance: UInt8 = 5
        static let queryInfo: UInt8 = 6
        static let responseInfo: UInt8 = 7
        static let queryInfoAppliance: UInt8 = 8
        static let queryInfoStore: UInt8 = 9
        static let reset: UInt8 = 10
    }

    private let purpose1, purpose2, version, rawVersion, reserved: FieldID
    private let prober, proxyAddress, proxyPort, applicationVersion, client, store: FieldID
    private let flags, notFirst, lastNotify, noCache, encrypted, hasServer: FieldID
    private let badLength: ExpertID

    init(badLength: ExpertID, registering r: inout Registrar) {
        self.badLength = badLength
        let prefix = "tcp.options.rvbd.probe."
        purpose1 = r.field(prefix + "type1", "Type", .uint8, .decimal, mask: 0xf0)
        purpose2 = r.field(prefix + "type2", "Type", .uint8, .decimal, mask: 0xfe)
        version = r.field(prefix + "version", "Version", .uint8, .decimal, mask: 0x0f)
        rawVersion = r.field(prefix + "version_raw", "Version", .uint8, .decimal, mask: 0x01)
        prober = r.field(prefix + "prober", "CSH IP", .ipv4)
        proxyAddress = r.field(prefix + "proxy.ip", "SSH IP", .ipv4)
        proxyPort = r.field(prefix + "proxy.port", "SSH Port", .uint16, .decimal)
        applicationVersion = r.field(prefix + "appli_ver", "Application Version", .uint16, .decimal)
        client = r.field(prefix + "client.ip", "Client IP", .ipv4)
        store = r.field(prefix + "storeid", "CFE Store ID", .uint32, .decimal)
        flags = r.field(prefix + "flags", "Probe Flags", .uint8, .hex)
        notFirst = r.flag(prefix + "flags.notcfe", "Not CFE", wordBits: 8, mask: 0x04)
        lastNotify = r.flag(prefix + "flags.last", "Last Notify", wordBits: 8, mask: 0x01)
        noCache = r.flag(prefix + "flags.probe", "Disable Probe Cache on CSH", wordBits: 8, mask: 0x10)
        encrypted = r.flag(prefix + "flags.ssl", "SSL Enabled", wordBits: 8, mask: 0x02)
        hasServer = r.flag(prefix + "flags.server", "SSH outer to server established", wordBits: 8, mask: 0x01)
        reserved = r.field(prefix + "reserved", "Reserved", .uint8, .hex)
    }

    func addContent(
        _ place: TCPOptionPlace, _ reader: inout Reader, _ segment: TCPOptionSegment, _ context: inout Context
    ) throws(DissectionError) {
        guard reader.remaining > 0 else {
            return context.expert(under: place.lengthItem, badLength) { $0.append("option length should be >= 3)") }
        }
        let word = try reader.uint8()
        // An even byte is of version 2, whose types are wider.
        let isSecond = word & 1 == 0
        let purpose = isSecond ? word >> 1 : word >> 4
        let name = Self.name(of: purpose)
        context.appendLabel(place.item) {
            $0.append(": ")
            $0.append(name ?? "Probe Unknown")
        }
        guard name != nil else { return }
        let offset = reader.offset - 1
        context.bits(isSecond ? purpose2 : purpose1, reader, offset, 1, word: UInt64(word))
        if isSecond {
            addSecondVersion(reader, offset, &context)
            try addSecond(purpose, &reader, segment, &context)
        } else {
            context.bits(version, reader, offset, 1, word: UInt64(word))
            if purpose != Purpose.inside { try addFirst(purpose, place, &reader, &context) }
        }
    }

    private func addSecondVersion(_ reader: Reader, _ offset: Int, _ context: inout Context) {
        context.label(context.add(rawVersion, reader, offset, 1, value: 0)) { $0.append(".... ...0 = Version: 2") }
        context.label(context.add(version, reader, offset, 1, value: 2, flags: .hidden)) { $0.append(".... 0010 = Version: 2") }
    }

    // MARK: Version 1

    private func addFirst(_ purpose: UInt8, _ place: TCPOptionPlace, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try context.uint8(reserved, &reader)
        let proberAddress = try context.uint32(prober, &reader)
        switch purpose {
        case Purpose.query, Purpose.queryAppliance, Purpose.trace:
            try context.uint16(applicationVersion, &reader)
            context.appendLabel(place.item) {
                $0.append(", CSH IP: ")
                $0.append(ipv4: proberAddress)
            }
            context.columns.prependInfo(purpose == Purpose.trace ? "S#, " : "S+, ")
        case Purpose.response: try addServer(place, &reader, &context)
        case Purpose.responseAppliance:
            try context.uint32(client, &reader)
            try addServer(place, &reader, &context)
        default: break
        }
    }

    private func addServer(_ place: TCPOptionPlace, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let address = try context.uint32(proxyAddress, &reader)
        let port = try context.uint16(proxyPort, &reader)
        context.appendLabel(place.item) {
            $0.append(", Server Steelhead: ")
            $0.append(ipv4: address)
            $0.append(":")
            $0.append(decimal: port)
        }
        context.columns.prependInfo("SA+, ")
    }

    // MARK: Version 2

    private func addSecond(
        _ purpose: UInt8, _ reader: inout Reader, _ segment: TCPOptionSegment, _ context: inout Context
    ) throws(DissectionError) {
        guard purpose >= Purpose.queryInfo else { return }
        let word = UInt64(try context.uint8(flags, &reader))
        if purpose == Purpose.reset { return }
        let offset = reader.offset - 1
        context.open()
        defer { context.close() }
        if purpose == Purpose.responseInfo {
            for flag in [noCache, encrypted, hasServer] { context.bits(flag, reader, offset, 1, word: word) }
            return
        }
        context.bits(notFirst, reader, offset, 1, word: word)
        context.bits(lastNotify, reader, offset, 1, word: word)
        if purpose == Purpose.queryInfoAppliance { try context.uint32(client, &reader) }
        if purpose == Purpose.queryInfoStore { try context.uint32(store, &reader) }
        if purpose != Purpose.queryInfoStore, word & 1 != 0, segment.header.has(.syn), segment.header.has(.ack) {
            context.columns.prependInfo("SA++, ")
        }
    }

    private static func name(of purpose: UInt8) -> StaticString? {
        switch purpose {
        case Purpose.query: "Probe Query"
        case Purpose.response: "Probe Response"
        case Purpose.inside: "Probe Internal"
        case Purpose.trace: "Probe Trace"
        case Purpose.queryAppliance: "Probe Query SH"
        case Purpose.responseAppliance: "Probe Response SH"
        case Purpose.queryInfo: "Probe Query Info"
        case Purpose.responseInfo: "Probe Response Info"
        case Purpose.queryInfoAppliance: "Probe Query Info SH"
        case Purpose.queryInfoStore: "Probe Query Info Store ID"
        case Purpose.reset: "Probe Reset"
        default: nil
        }
    }
}
