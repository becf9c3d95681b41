import Dissection
import Wire

/// Extensions that hold names and versions: what the client looks for, and in which protocols it wants to speak.
struct TLSNameExtensions: Sendable {
    private let serverNamesLength, serverNameType, serverNameLength, serverName: FieldID
    private let userLength, user: FieldID
    private let applicationsLength, applications, applicationLength, application: FieldID
    private let nextProtocolLength, nextProtocol: FieldID
    private let settingsLength, settingsList, settingsNameLength, settingsName, settings: FieldID
    private let versionsLength, version: FieldID
    private let vectors: TLSVectors

    init(_ vectors: TLSVectors, _ r: inout Registrar) {
        self.vectors = vectors
        serverNamesLength = r.field("tls.handshake.extensions_server_name_list_len", "Server Name list length", .uint16, .decimal)
        serverNameType = r.field(
            "tls.handshake.extensions_server_name_type", "Server Name Type", .uint8, .decimal, strings: TLSValues.nameTypes)
        serverNameLength = r.field("tls.handshake.extensions_server_name_len", "Server Name length", .uint16, .decimal)
        serverName = r.field("tls.handshake.extensions_server_name", "Server Name", .string)
        userLength = r.field("tls.handshake.extensions_srp_len", "SRP username length", .uint8, .decimal)
        user = r.field("tls.handshake.extensions_srp_username", "SRP username", .string)
        applicationsLength = r.field("tls.handshake.extensions_alpn_len", "ALPN Extension Length", .uint16, .decimal)
        applications = r.field("tls.handshake.extensions_alpn_list", "ALPN Protocol", .none)
        applicationLength = r.field("tls.handshake.extensions_alpn_str_len", "ALPN string length", .uint8, .decimal)
        application = r.field("tls.handshake.extensions_alpn_str", "ALPN Next Protocol", .string)
        nextProtocolLength = r.field("tls.handshake.extensions_npn_str_len", "Protocol string length", .uint8, .decimal)
        nextProtocol = r.field("tls.handshake.extensions_npn", "Next Protocol", .string)
        settingsLength = r.field("tls.handshake.extensions_alps_len", "ALPS Extension Length", .uint16, .decimal)
        settingsList = r.field("tls.handshake.extensions_alps_alpn_list", "Supported ALPN List", .none)
        settingsNameLength = r.field("tls.handshake.extensions_alps_alpn_str_len", "Supported ALPN Length", .uint8, .decimal)
        settingsName = r.field("tls.handshake.extensions_alps_alpn_str", "Supported ALPN", .string)
        settings = r.field("tls.handshake.extensions_alps.settings", "ALPN Opaque Settings", .bytes)
        versionsLength = r.field("tls.handshake.extensions.supported_versions_len", "Supported Versions length", .uint8, .decimal)
        version = r.field("tls.handshake.extensions.supported_version", "Supported Version", .uint16, .hex, strings: TLSValues.versions)
    }

    /// RFC 6066, section 3. A server's is empty.
    func addServerName(_ data: inout Reader, _ context: inout Context) throws(DissectionError) {
        guard data.remaining > 0 else { return }
        context.heading(data, data.offset, data.capturedRemaining) { $0.append("Server Name Indication extension") }
        context.open()
        defer { context.close() }
        guard var list = try vectors.begin(serverNamesLength, width: 2, 1...65535, &data, &context) else { return }
        while list.remaining > 0 {
            try context.uint8(serverNameType, &list)
            guard let name = try vectors.begin(serverNameLength, width: 2, 1...65535, &list, &context) else { return }
            try name.require(name.remaining)
            context.string(serverName, name, name.offset, name.remaining)
        }
    }

    /// RFC 5054, section 2.8.1.
    func addPasswordUser(_ data: inout Reader, _ context: inout Context) throws(DissectionError) {
        guard let name = try vectors.begin(userLength, width: 1, 1...255, &data, &context) else { return }
        try name.require(name.remaining)
        context.string(user, name, name.offset, name.remaining)
    }

    /// RFC 7301, section 3.1. The server's holds the one that it chose.
    func addApplications(
        _ data: inout Reader, _ place: TLSExtensions.Place, _ known: inout TLSConversation, _ context: inout Context
    ) throws(DissectionError) {
        guard var list = try vectors.begin(applicationsLength, width: 2, 2...65535, &data, &context) else { return }
        context.add(applications, list, list.offset, list.capturedRemaining)
        context.open()
        defer { context.close() }
        while list.remaining > 0 {
            guard let name = try vectors.begin(applicationLength, width: 1, 1...255, &list, &context) else { return }
            try name.require(name.remaining)
            context.string(application, name, name.offset, name.remaining)
            if place == .server || place == .encrypted { known.application = TLSApplications.agreed(name.capturedBytes) }
        }
    }

    /// draft-agl-tls-nextprotoneg-04, section 3.
    func addNextProtocols(_ data: inout Reader, _ context: inout Context) throws(DissectionError) {
        guard data.remaining > 0 else { return }
        context.heading(data, data.offset, data.capturedRemaining) { $0.append("Next Protocol Negotiation") }
        context.open()
        defer { context.close() }
        while data.remaining > 0 {
            guard let name = try vectors.begin(nextProtocolLength, width: 1, 0...255, &data, &context) else { return }
            try name.require(name.remaining)
            context.string(nextProtocol, name, name.offset, name.remaining)
        }
    }

    /// draft-vvv-tls-alps-01, section 3.
    func addSettings(_ data: inout Reader, _ place: TLSExtensions.Place, _ context: inout Context) throws(DissectionError) {
        guard place == .client else {
            guard place == .encrypted else { return }
            try data.require(data.remaining)
            context.add(settings, data, data.offset, data.remaining)
            data.offset = data.reportedEnd
            return
        }
        guard var list = try vectors.begin(settingsLength, width: 2, 2...65535, &data, &context) else { return }
        context.add(settingsList, list, list.offset, list.capturedRemaining)
        context.open()
        defer { context.close() }
        while list.remaining > 0 {
            guard let name = try vectors.begin(settingsNameLength, width: 1, 1...255, &list, &context) else { return }
            try name.require(name.remaining)
            context.string(settingsName, name, name.offset, name.remaining)
        }
    }

    /// RFC 8446, section 4.2.1. What the server names is what is spoken.
    func addVersions(
        _ data: inout Reader, _ place: TLSExtensions.Place, _ known: inout TLSConversation, _ context: inout Context
    ) throws(DissectionError) {
        switch place {
        case .client:
            guard var list = try vectors.begin(versionsLength, width: 1, 2...254, &data, &context) else { return }
            while list.remaining >= 2 { try context.uint16(version, &list) }
            vectors.end(list, &context)
        case .server, .retry: known.version = TLSVersion.settled(try context.uint16(version, &data))
        case .encrypted, .certificate, .certificateRequest, .ticket: break
        }
    }
}
