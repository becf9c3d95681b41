/// HTTP/1.1 (RFC 9112) over one connection: requests, now and then pipelined, and their responses.
struct HTTPTraffic: TCPApplication {
    private let site: Site
    private let userAgent: String
    private var remainingCount: Int
    private var pendingResponses: [UInt8] = []

    private static let userAgents = [
        "Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/119.0",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0",
        "curl/7.88.1", "Debian APT-HTTP/1.3 (2.6.1)", "python-requests/2.28.1",
    ]

    init(site: Site, random: inout SplitMix64) {
        self.site = site
        userAgent = random.element(of: Self.userAgents)
        remainingCount = random.logUniform(1...7)
    }

    mutating func nextTurn(using random: inout SplitMix64) -> Turn? {
        if !pendingResponses.isEmpty {
            defer { pendingResponses = [] }
            return Turn(
                sender: .server, payload: pendingResponses, delay: Microseconds(random.logUniform(300...80_000)))
        }
        guard remainingCount > 0 else { return nil }
        let pipelinedCount = random.chance(perTenThousand: 300) ? min(3, remainingCount) : 1
        var requests: [UInt8] = []
        for _ in 0..<pipelinedCount {
            remainingCount -= 1
            let exchange = HTTPExchange(
                site: site, userAgent: userAgent, isLast: remainingCount == 0, isPipelined: pipelinedCount > 1,
                random: &random)
            requests += exchange.request
            pendingResponses += exchange.response
        }
        let isIdle = random.chance(perTenThousand: 120)
        let delay = isIdle ? random.uniform(5_500_000...14_000_000) : random.logUniform(200...400_000)
        return Turn(sender: .client, payload: requests, delay: Microseconds(delay))
    }
}

/// One request and its response, as bytes.
private struct HTTPExchange {
    var request: [UInt8] = []
    var response: [UInt8] = []

    init(site: Site, userAgent: String, isLast: Bool, isPipelined: Bool, random: inout SplitMix64) {
        let isPost = !isPipelined && random.chance(perTenThousand: 1_200)
        let isHead = !isPost && !isPipelined && random.chance(perTenThousand: 200)
        let kind: HTTPBody.Kind = isPost ? .json : random.element(of: HTTPBody.Kind.mix)
        let path = Self.path(for: kind, random: &random)
        let method = isPost ? "POST" : isHead ? "HEAD" : "GET"
        var head = "\(method) \(path) HTTP/1.1\r\nHost: \(site.name)\r\nUser-Agent: \(userAgent)\r\n"
        head += "Accept: \(isPost ? "application/json" : "*/*")\r\nAccept-Encoding: gzip, deflate\r\n"
        if random.chance(perTenThousand: 5_000) {
            head += "Cookie: session=\(hexadecimal(random.next())); theme=dark\r\n"
        }
        head += "Connection: \(isLast ? "close" : "keep-alive")\r\n"
        if isPost {
            let body = HTTPBody.form(random: &random)
            head += "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: \(body.count)\r\n\r\n"
            request = Array(head.utf8) + body
        } else {
            request = Array((head + "\r\n").utf8)
        }
        response = Self.response(
            kind: kind, isHead: isHead, isLast: isLast, isPipelined: isPipelined, random: &random)
    }

    private static func path(for kind: HTTPBody.Kind, random: inout SplitMix64) -> String {
        let section = random.element(of: ["news", "items", "v1/orders", "static", "img", "account"])
        let query = random.chance(perTenThousand: 3_000) ? "?page=\(random.below(40))&sort=date" : ""
        return "/\(section)/\(random.below(9_000) + 1_000)\(kind.pathSuffix)\(query)"
    }

    private static func response(
        kind: HTTPBody.Kind, isHead: Bool, isLast: Bool, isPipelined: Bool, random: inout SplitMix64
    ) -> [UInt8] {
        let connection = "Connection: \(isLast ? "close" : "keep-alive")\r\n"
        let common = "Date: Tue, 14 Nov 2023 22:\(random.uniform(14...59)):\(random.uniform(10...59)) GMT\r\n"
            + "Server: \(random.element(of: ["nginx/1.22.1", "Apache/2.4.57 (Debian)", "cloud-edge"]))\r\n" + connection
        switch random.below(100) {
        case 0..<6:
            return Array("HTTP/1.1 304 Not Modified\r\n\(common)ETag: \"\(hexadecimal(random.next()))\"\r\n\r\n".utf8)
        case 6..<9:
            return Array(
                "HTTP/1.1 302 Found\r\n\(common)Location: /login?next=%2F\r\nContent-Length: 0\r\n\r\n".utf8)
        case 9..<12:
            let body = Array("<html><body><h1>404 Not Found</h1></body></html>\n".utf8)
            let head = "HTTP/1.1 404 Not Found\r\n\(common)Content-Type: text/html\r\n"
                + "Content-Length: \(body.count)\r\n\r\n"
            return Array(head.utf8) + (isHead ? [] : body)
        default:
            let head = "HTTP/1.1 200 OK\r\n\(common)Content-Type: \(kind.mediaType)\r\n"
            let body = kind.bytes(random: &random)
            // Pipelined responses are not chunked: tshark 4.0 calls a few of those malformed.
            let isChunked = kind.isText && !isPipelined && random.chance(perTenThousand: 3_000)
            return encode(
                head: head, body: body, isText: kind.isText, isChunked: isChunked, isHead: isHead, random: &random)
        }
    }

    /// Adds the body as it is, as gzip, in chunks (RFC 9112 section 7.1), or both.
    private static func encode(
        head: String, body: [UInt8], isText: Bool, isChunked: Bool, isHead: Bool, random: inout SplitMix64
    ) -> [UInt8] {
        var head = head
        var coded = body
        if isText, random.chance(perTenThousand: 3_500) {
            head += "Content-Encoding: gzip\r\nVary: Accept-Encoding\r\n"
            coded = HTTPBody.gzip(body)
        }
        guard isChunked else {
            head += "Content-Length: \(coded.count)\r\nCache-Control: max-age=600\r\n\r\n"
            return Array(head.utf8) + (isHead ? [] : coded)
        }
        head += "Transfer-Encoding: chunked\r\n\r\n"
        guard !isHead else { return Array(head.utf8) }
        var message = Array(head.utf8)
        var offset = 0
        while offset < coded.count {
            let end = min(coded.count, offset + random.uniform(1_000...8_192))
            message += Array("\(String(end - offset, radix: 16))\r\n".utf8)
            message += coded[offset..<end]
            message += Array("\r\n".utf8)
            offset = end
        }
        return message + Array("0\r\n\r\n".utf8)
    }
}

func hexadecimal(_ value: UInt64) -> String { String(value, radix: 16) }
