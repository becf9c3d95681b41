/// Which conversations there are, how often, and between whom. The addresses are those set aside for private use (RFC
/// 1918), for documentation (RFC 3849) and for benchmarks (RFC 2544).
struct TrafficMix {
    private enum Kind {
        case dns, dnsOverTCP, tls, http, bulk, mediaStream, largeDatagrams, portScan, arp, neighbourDiscovery, echo
    }

    /// How many of a thousand conversations are of each kind.
    private static let weights: [(kind: Kind, share: Int)] = [
        (.dns, 560), (.tls, 200), (.http, 116), (.bulk, 2), (.mediaStream, 16), (.largeDatagrams, 6),
        (.portScan, 16), (.dnsOverTCP, 6), (.arp, 33), (.neighbourDiscovery, 20), (.echo, 25),
    ]
    private static let clientCount = 240
    private static let serverCount = 900

    let sites: [Site]

    init() {
        sites = (0..<Self.serverCount).map(Site.init(number:))
    }

    func conversation(startingAt start: Microseconds, random: inout SplitMix64) -> any Conversation {
        var own = random.fork()
        let isIPv6 = own.chance(perTenThousand: 2_500)
        let site = own.element(of: sites)
        // Port numbers of well-known services are left out, so that no dissector takes an ephemeral port for its own.
        var client = Self.client(number: own.below(Self.clientCount), isIPv6: isIPv6)
        client.port = UInt16(own.uniform(50_000...54_200))
        switch pickKind(&own) {
        case .dns:
            return dnsLookup(from: client, to: Self.resolver(isIPv6: isIPv6), site: site, at: start, random: own)
        case .dnsOverTCP:
            return tcp(client, Self.resolver(isIPv6: isIPv6), at: start, own, application: DNSOverTCP(site: site))
        case .tls:
            let application = TLSTraffic(site: site, random: &own)
            return tcp(client, site.endpoint(isIPv6: isIPv6, port: 443), at: start, own, application: application)
        case .http:
            let port: UInt16 = own.chance(perTenThousand: 800) ? 8080 : 80
            let application = HTTPTraffic(site: site, random: &own)
            return tcp(client, site.endpoint(isIPv6: isIPv6, port: port), at: start, own, application: application)
        case .bulk:
            let application = BulkTraffic(random: &own)
            return tcp(client, site.endpoint(isIPv6: isIPv6, port: 5201), at: start, own, application: application)
        case .mediaStream:
            return MediaStream(
                between: client, and: site.endpoint(isIPv6: isIPv6, port: UInt16(own.uniform(50_000...54_200))),
                at: start, random: own)
        case .largeDatagrams:
            return LargeDatagrams(
                from: client, to: site.endpoint(isIPv6: isIPv6, port: UInt16(own.uniform(50_000...54_200))),
                at: start, random: own)
        case .portScan:
            return unansweredConnection(
                from: client, to: site.endpoint(isIPv6: isIPv6, port: own.element(of: [80, 443, 8080])),
                at: start, random: own)
        case .arp:
            return arpExchange(
                from: Self.client(number: own.below(Self.clientCount), isIPv6: false), to: Self.router(isIPv6: false),
                at: start, random: own)
        case .neighbourDiscovery:
            return neighbourDiscovery(
                from: Self.client(number: own.below(Self.clientCount), isIPv6: true), to: Self.router(isIPv6: true),
                at: start, random: own)
        case .echo:
            return echoExchange(from: client, to: site.endpoint(isIPv6: isIPv6, port: 0), at: start, random: own)
        }
    }

    private func pickKind(_ random: inout SplitMix64) -> Kind {
        var ticket = random.below(Self.weights.reduce(0) { $0 + $1.share })
        for (kind, share) in Self.weights {
            if ticket < share { return kind }
            ticket -= share
        }
        return .dns
    }

    private func tcp(
        _ client: Endpoint, _ server: Endpoint, at start: Microseconds, _ random: SplitMix64,
        application: some TCPApplication
    ) -> TCPConversation {
        TCPConversation(between: client, and: server, at: start, random: random, application: application)
    }

    // MARK: The hosts of the network, with locally administered MAC addresses.

    private static func client(number: Int, isIPv6: Bool) -> Endpoint {
        let low = UInt8(number + 10)
        return Endpoint(
            mac: [0x02, 0, 0x5E, 0x10, 0, low],
            address: isIPv6
                ? [0x20, 0x01, 0x0D, 0xB8, 0, 1, 0, 0, 0, 0, 0x5E, 0xFF, 0xFE, 0x10, 0, low] : [10, 0, 0, low],
            hopLimit: number % 3 == 0 ? 128 : 64)
    }

    private static func router(isIPv6: Bool) -> Endpoint {
        Endpoint(
            mac: routerMAC,
            address: isIPv6 ? [0x20, 0x01, 0x0D, 0xB8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1] : [10, 0, 0, 1])
    }

    private static func resolver(isIPv6: Bool) -> Endpoint {
        Endpoint(
            mac: [0x02, 0, 0x5E, 0x10, 0, 0x05],
            address: isIPv6 ? [0x20, 0x01, 0x0D, 0xB8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x53] : [10, 0, 0, 5],
            port: 53)
    }
}

/// All remote hosts are behind one router.
let routerMAC: [UInt8] = [0x02, 0, 0x5E, 0x10, 0, 0x01]

/// A remote host and its name.
struct Site {
    private static let words = [
        "api", "assets", "auth", "blog", "cdn", "chat", "cloud", "data", "docs", "feed", "files", "forum", "images",
        "login", "mail", "maps", "media", "metrics", "news", "play", "search", "shop", "static", "store", "video",
    ]
    private static let owners = [
        "amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "harbor", "island", "juniper", "kestrel",
        "lagoon", "meadow", "nectar", "orchard", "prairie", "quarry", "river", "summit", "tundra",
    ]

    let number: Int
    let name: String

    init(number: Int) {
        self.number = number
        let word = Self.words[number % Self.words.count]
        let owner = Self.owners[number / Self.words.count % Self.owners.count]
        name = "\(word).\(owner)\(number / 500).example"
    }

    var ipv4: [UInt8] { [198, 18, UInt8(number / 250), UInt8(number % 250 + 1)] }

    var ipv6: [UInt8] {
        [0x20, 0x01, 0x0D, 0xB8, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0, UInt8(number >> 8), UInt8(number & 0xFF)]
    }

    func endpoint(isIPv6: Bool, port: UInt16) -> Endpoint {
        Endpoint(
            mac: routerMAC, address: isIPv6 ? ipv6 : ipv4, port: port, hopLimit: UInt8(46 + number % 12))
    }
}
