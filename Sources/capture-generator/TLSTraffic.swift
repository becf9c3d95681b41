/// TLS as it looks from outside: hellos that can be read, then records of random bytes. Version 1.3 (RFC 8446), or 1.2
/// (RFC 5246) with a session that is resumed, which needs no certificate.
struct TLSTraffic: TCPApplication {
    private enum Step { case clientHello, serverHello, clientFinished, request, response }

    private enum ContentType {
        static let changeCipherSpec: UInt8 = 20
        static let handshake: UInt8 = 22
        static let applicationData: UInt8 = 23
    }

    /// The protected part of a record: at most 2^14 bytes and the overhead of its cipher (RFC 8446 section 5.2).
    private static let largestRecordByteCount = 16_384

    private let site: Site
    private let isVersion13: Bool
    private let sessionID: [UInt8]
    private var remainingCount: Int
    private var step = Step.clientHello

    init(site: Site, random: inout SplitMix64) {
        self.site = site
        isVersion13 = random.chance(perTenThousand: 8_000)
        sessionID = random.bytes(32)
        remainingCount = random.logUniform(1...5)
    }

    mutating func nextTurn(using random: inout SplitMix64) -> Turn? {
        switch step {
        case .clientHello:
            step = .serverHello
            return Turn(sender: .client, payload: clientHello(random: &random), delay: 150)
        case .serverHello:
            step = .clientFinished
            let delay = Microseconds(random.logUniform(300...8_000))
            return Turn(sender: .server, payload: serverFlight(random: &random), delay: delay)
        case .clientFinished:
            step = .response
            let finished = changeCipherSpec + Self.finished(isVersion13: isVersion13, random: &random)
            return Turn(sender: .client, payload: finished + request(random: &random), delay: 900)
        case .request:
            guard remainingCount > 0 else { return nil }
            step = .response
            let isIdle = random.chance(perTenThousand: 60)
            let delay = isIdle ? random.uniform(5_500_000...14_000_000) : random.logUniform(500...800_000)
            return Turn(sender: .client, payload: request(random: &random), delay: Microseconds(delay))
        case .response:
            remainingCount -= 1
            step = .request
            let content = protected(byteCount: random.logUniform(120...9_000), random: &random)
            return Turn(sender: .server, payload: content, delay: Microseconds(random.logUniform(400...90_000)))
        }
    }

    private func request(random: inout SplitMix64) -> [UInt8] {
        let isUpload = random.chance(perTenThousand: 400)
        return protected(byteCount: random.logUniform(isUpload ? 4_000...60_000 : 80...1_200), random: &random)
    }

    // MARK: Records

    private static func record(_ type: UInt8, version: UInt16 = 0x0303, _ content: [UInt8]) -> [UInt8] {
        var record: [UInt8] = [type]
        record.append(uint16: version)
        record.append(content, lengthByteCount: 2)
        return record
    }

    private var changeCipherSpec: [UInt8] { Self.record(ContentType.changeCipherSpec, [1]) }

    private static func finished(isVersion13: Bool, random: inout SplitMix64) -> [UInt8] {
        isVersion13
            ? record(ContentType.applicationData, random.bytes(53))
            : record(ContentType.handshake, random.bytes(40))
    }

    private func protected(byteCount: Int, random: inout SplitMix64) -> [UInt8] {
        var records: [UInt8] = []
        var remaining = byteCount
        while remaining > 0 {
            let count = min(remaining, Self.largestRecordByteCount)
            records += Self.record(ContentType.applicationData, random.bytes(count + (isVersion13 ? 17 : 24)))
            remaining -= count
        }
        return records
    }

    private func serverFlight(random: inout SplitMix64) -> [UInt8] {
        let hello = serverHello(random: &random)
        guard isVersion13 else {
            return hello + changeCipherSpec + Self.finished(isVersion13: false, random: &random)
        }
        // Encrypted extensions, certificate and its proof, each a record of its own.
        let certificate = protected(byteCount: random.uniform(1_800...4_200), random: &random)
        return hello + changeCipherSpec + protected(byteCount: 24, random: &random) + certificate
            + protected(byteCount: 264, random: &random) + Self.finished(isVersion13: true, random: &random)
    }

    // MARK: Hellos

    private static func handshake(type: UInt8, _ body: [UInt8]) -> [UInt8] {
        var message: [UInt8] = [type]
        message.append(body, lengthByteCount: 3)
        return message
    }

    private static func append(extension type: UInt16, _ content: [UInt8], to list: inout [UInt8]) {
        list.append(uint16: type)
        list.append(content, lengthByteCount: 2)
    }

    private func clientHello(random: inout SplitMix64) -> [UInt8] {
        var body: [UInt8] = [3, 3]
        body += random.bytes(32)
        body.append(sessionID, lengthByteCount: 1)
        let suites13: [UInt8] = [0x13, 0x01, 0x13, 0x02, 0x13, 0x03]
        let suites12: [UInt8] = [0xC0, 0x2B, 0xC0, 0x2F, 0xC0, 0x2C, 0xC0, 0x30, 0xCC, 0xA9, 0xCC, 0xA8, 0x00, 0xFF]
        body.append((isVersion13 ? suites13 : []) + suites12, lengthByteCount: 2)
        body += [1, 0]
        body.append(clientExtensions(random: &random), lengthByteCount: 2)
        return Self.record(ContentType.handshake, version: 0x0301, Self.handshake(type: 1, body))
    }

    private func clientExtensions(random: inout SplitMix64) -> [UInt8] {
        var extensions: [UInt8] = []
        var serverName: [UInt8] = [0]
        serverName.append(Array(site.name.utf8), lengthByteCount: 2)
        var serverNames: [UInt8] = []
        serverNames.append(serverName, lengthByteCount: 2)
        Self.append(extension: 0, serverNames, to: &extensions)
        Self.append(extension: 23, [], to: &extensions)
        Self.append(extension: 10, [0, 6, 0x00, 0x1D, 0x00, 0x17, 0x00, 0x18], to: &extensions)
        Self.append(extension: 11, [1, 0], to: &extensions)
        Self.append(extension: 35, [], to: &extensions)
        var protocols: [UInt8] = []
        protocols.append(Array("h2".utf8), lengthByteCount: 1)
        protocols.append(Array("http/1.1".utf8), lengthByteCount: 1)
        var protocolList: [UInt8] = []
        protocolList.append(protocols, lengthByteCount: 2)
        Self.append(extension: 16, protocolList, to: &extensions)
        Self.append(extension: 5, [1, 0, 0, 0, 0], to: &extensions)
        Self.append(extension: 13, [0, 8, 0x04, 0x03, 0x08, 0x04, 0x04, 0x01, 0x05, 0x01], to: &extensions)
        guard isVersion13 else { return extensions }
        var share: [UInt8] = [0x00, 0x1D]
        share.append(random.bytes(32), lengthByteCount: 2)
        var shares: [UInt8] = []
        shares.append(share, lengthByteCount: 2)
        Self.append(extension: 51, shares, to: &extensions)
        Self.append(extension: 45, [1, 1], to: &extensions)
        Self.append(extension: 43, [4, 3, 4, 3, 3], to: &extensions)
        return extensions
    }

    private func serverHello(random: inout SplitMix64) -> [UInt8] {
        var body: [UInt8] = [3, 3]
        body += random.bytes(32)
        body.append(sessionID, lengthByteCount: 1)
        body += isVersion13 ? [0x13, random.element(of: [1, 2, 3])] : [0xC0, 0x2F]
        body.append(0)
        var extensions: [UInt8] = []
        if isVersion13 {
            Self.append(extension: 43, [3, 4], to: &extensions)
            var share: [UInt8] = [0x00, 0x1D]
            share.append(random.bytes(32), lengthByteCount: 2)
            Self.append(extension: 51, share, to: &extensions)
        } else {
            Self.append(extension: 23, [], to: &extensions)
            Self.append(extension: 0xFF01, [0], to: &extensions)
        }
        body.append(extensions, lengthByteCount: 2)
        return Self.record(ContentType.handshake, Self.handshake(type: 2, body))
    }
}
