/// A DNS message (RFC 1035) and its answer.
struct DNSExchange {
    private(set) var query: [UInt8]
    private(set) var response: [UInt8]

    private enum RecordType {
        static let a: UInt16 = 1
        static let cname: UInt16 = 5
        static let soa: UInt16 = 6
        static let mx: UInt16 = 15
        static let txt: UInt16 = 16
        static let aaaa: UInt16 = 28
        static let opt: UInt16 = 41
    }

    /// A pointer to the name of the question (RFC 1035 section 4.1.4).
    private static let questionName: [UInt8] = [0xC0, 12]

    init(site: Site, random: inout SplitMix64, isLarge: Bool = false) {
        let hasExtension = random.chance(perTenThousand: 6_000)
        let doesNotExist = !isLarge && random.chance(perTenThousand: 700)
        let types = [
            RecordType.a, RecordType.a, RecordType.a, RecordType.a, RecordType.aaaa, RecordType.aaaa, RecordType.aaaa,
            RecordType.mx, RecordType.txt,
        ]
        let type = isLarge ? RecordType.txt : random.element(of: types)
        let prefix = doesNotExist ? "\(hexadecimal(random.next() >> 40))." : ""
        var question = Self.encoded(name: prefix + site.name)
        question.append(uint16: type)
        question.append(uint16: 1)

        var answers: [[UInt8]] = []
        if !doesNotExist { answers = Self.answers(type: type, site: site, isLarge: isLarge, random: &random) }
        let authorities = doesNotExist ? [Self.startOfAuthority(random: &random)] : []
        let additional = hasExtension ? [Self.optionRecord] : []
        let identifier = random.uint16()
        query = Self.message(identifier: identifier, flags: 0x0100, question, [], [], additional)
        response = Self.message(
            identifier: identifier, flags: doesNotExist ? 0x8183 : 0x8180, question, answers, authorities, additional)
    }

    private static func message(
        identifier: UInt16, flags: UInt16, _ question: [UInt8], _ answers: [[UInt8]], _ authorities: [[UInt8]],
        _ additional: [[UInt8]]
    ) -> [UInt8] {
        var message: [UInt8] = []
        for word in [identifier, flags, 1, UInt16(answers.count), UInt16(authorities.count), UInt16(additional.count)] {
            message.append(uint16: word)
        }
        message += question
        for record in answers + authorities + additional { message += record }
        return message
    }

    private static func encoded(name: String) -> [UInt8] {
        var bytes: [UInt8] = []
        for label in name.split(separator: ".") { bytes.append(Array(label.utf8), lengthByteCount: 1) }
        return bytes + [0]
    }

    private static func record(name: [UInt8], type: UInt16, timeToLive: UInt32, _ data: [UInt8]) -> [UInt8] {
        var record = name
        record.append(uint16: type)
        record.append(uint16: 1)
        record.append(uint32: timeToLive)
        record.append(data, lengthByteCount: 2)
        return record
    }

    private static func answers(
        type: UInt16, site: Site, isLarge: Bool, random: inout SplitMix64
    ) -> [[UInt8]] {
        let timeToLive = UInt32(random.logUniform(20...86_400))
        var name = questionName
        var records: [[UInt8]] = []
        if type == RecordType.a || type == RecordType.aaaa, random.chance(perTenThousand: 3_500) {
            name = encoded(name: "edge-\(site.number % 40).network.example")
            records.append(record(name: questionName, type: RecordType.cname, timeToLive: timeToLive, name))
        }
        for index in 0..<(isLarge ? 12 : random.uniform(1...4)) {
            let data: [UInt8]
            switch type {
            case RecordType.a:
                data = Array(site.ipv4.dropLast()) + [UInt8((site.number + index) % 250 + 1)]
            case RecordType.aaaa:
                data = Array(site.ipv6.dropLast()) + [UInt8((site.number + index) % 250 + 1)]
            case RecordType.mx:
                // A name that ends with the question's (RFC 1035 section 4.1.4).
                data = [0, UInt8(10 * (index + 1)), 3] + Array("mx\(index)".utf8) + questionName
            default:
                let token = hexadecimal(random.next())
                let text = "v=spf1 include:spf\(index).\(site.name) ip4:198.18.\(index).0/24 token=\(token) ~all"
                data = [UInt8(text.utf8.count)] + Array(text.utf8)
            }
            records.append(record(name: name, type: type, timeToLive: timeToLive, data))
        }
        return records
    }

    private static func startOfAuthority(random: inout SplitMix64) -> [UInt8] {
        var data = encoded(name: "ns1.network.example") + encoded(name: "hostmaster.network.example")
        for value: UInt32 in [2_023_111_400 + UInt32(random.below(24)), 7_200, 3_600, 1_209_600, 300] {
            data.append(uint32: value)
        }
        return record(name: encoded(name: "example"), type: RecordType.soa, timeToLive: 300, data)
    }

    /// EDNS(0) (RFC 6891 section 6.1.2) with a payload size of 1232 bytes.
    private static let optionRecord: [UInt8] = [0, 0, UInt8(RecordType.opt), 0x04, 0xD0, 0, 0, 0, 0, 0, 0]
}

/// A lookup over UDP; now and then the first query is lost and sent again.
func dnsLookup(
    from client: Endpoint, to server: Endpoint, site: Site, at start: Microseconds, random source: SplitMix64
) -> ShortConversation {
    var random = source
    let exchange = DNSExchange(site: site, random: &random)
    let identification = random.uint16()
    var frames: [TimedFrame] = []
    var time = start
    if random.chance(perTenThousand: 60) {
        frames.append(
            TimedFrame(
                time: time,
                bytes: udpFrame(from: client, to: server, identification: identification, payload: exchange.query)))
        time += 5_000_000
    }
    frames.append(
        TimedFrame(
            time: time,
            bytes: udpFrame(from: client, to: server, identification: identification &+ 1, payload: exchange.query)))
    frames.append(
        TimedFrame(
            time: time + Microseconds(random.logUniform(150...60_000)),
            bytes: udpFrame(from: server, to: client, identification: random.uint16(), payload: exchange.response)))
    return ShortConversation(frames: frames)
}

/// A lookup whose answer is too large for UDP (RFC 7766).
struct DNSOverTCP: TCPApplication {
    let site: Site
    private var response: [UInt8]?
    private var isOver = false

    init(site: Site) { self.site = site }

    mutating func nextTurn(using random: inout SplitMix64) -> Turn? {
        guard !isOver else { return nil }
        var message: [UInt8] = []
        if let response {
            isOver = true
            message.append(response, lengthByteCount: 2)
            return Turn(sender: .server, payload: message, delay: Microseconds(random.logUniform(200...40_000)))
        }
        let exchange = DNSExchange(site: site, random: &random, isLarge: true)
        response = exchange.response
        message.append(exchange.query, lengthByteCount: 2)
        return Turn(sender: .client, payload: message, delay: 100)
    }
}
