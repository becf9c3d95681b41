import Dissection
import Wire

/// `http,tree`: messages by kind, status and method.
struct HTTPPackets: TreeCounter, ~Copyable {
    static let kind = StatisticKind("http,tree") { request throws(StatisticError) in try TreeStatistic(request, HTTPPackets(request)) }

    let title = "HTTP/Packet Counter"
    var wants: PlanWants { reader.wants }
    var tree = CountedTree()
    private let reader: HTTPMessageReader
    private let all, requests, responses, broken, others: CountedTree.NodeID
    /// By the first digit of the status, from 1.
    private let classes: [CountedTree.NodeID]

    init(_ request: StatisticRequest) {
        reader = HTTPMessageReader(request)
        all = tree.root("Total HTTP Packets")
        requests = tree.child(all, "HTTP Request Packets")
        responses = tree.child(all, "HTTP Response Packets")
        broken = tree.child(responses, "???: broken")
        classes = tree.children(responses, ["1xx: Informational", "2xx: Success", "3xx: Redirection", "4xx: Client Error", "5xx: Server Error"])
        others = tree.child(all, "Other HTTP Packets")
    }

    mutating func take(_ context: borrowing Context) {
        for message in reader.messages(context.dissected) {
            tree.begin(context.frame)
            tree.tick(all)
            if message.status != 0 {
                tree.tick(responses)
                let group = Int(message.status / 100)
                let node = classes.indices.contains(group - 1) ? classes[group - 1] : broken
                tree.tick(node)
                let name = message.statusName.map { context.dissected.text(of: $0) } ?? ""
                tree.tick(node, for: .number(UInt64(message.status))) { "\(message.status) \(name)" }
            } else if let method = message.method {
                tree.tick(requests)
                // Methods of extension frameworks (RFC 2774, section 5) go by what is extended.
                let name = context.dissected.text(of: method)
                tree.tick(requests, text: name.hasPrefix("M-") ? String(name.dropFirst(2)) : name)
            } else {
                tree.tick(others)
            }
        }
    }
}

/// `http_req,tree`: requests by host and URI.
struct HTTPRequests: TreeCounter, ~Copyable {
    static let kind = StatisticKind("http_req,tree") { request throws(StatisticError) in try TreeStatistic(request, HTTPRequests(request)) }

    let title = "HTTP/Requests"
    var wants: PlanWants { reader.wants }
    var tree = CountedTree()
    private let reader: HTTPMessageReader
    private let all: CountedTree.NodeID

    init(_ request: StatisticRequest) {
        reader = HTTPMessageReader(request)
        all = tree.root("HTTP Requests by HTTP Host")
    }

    mutating func take(_ context: borrowing Context) {
        for message in reader.messages(context.dissected) {
            tree.begin(context.frame)
            guard message.method != nil else { continue }
            tree.tick(all)
            guard let host = message.host else { continue }
            let node = tree.tick(all, text: context.dissected.text(of: host))
            if let uri = message.uri { tree.tick(node, text: context.dissected.text(of: uri)) }
        }
    }
}

/// `http_srv,tree`: requests and responses by server.
struct HTTPServers: TreeCounter, ~Copyable {
    static let kind = StatisticKind("http_srv,tree") { request throws(StatisticError) in try TreeStatistic(request, HTTPServers(request)) }

    let title = "HTTP/Load Distribution"
    var wants: PlanWants { reader.wants }
    var tree = CountedTree()
    private let reader: HTTPMessageReader
    private let requests, byAddress, byHost, responses: CountedTree.NodeID

    init(_ request: StatisticRequest) {
        reader = HTTPMessageReader(request)
        requests = tree.root("HTTP Requests by Server")
        byAddress = tree.child(requests, "HTTP Requests by Server Address")
        byHost = tree.child(requests, "HTTP Requests by HTTP Host")
        responses = tree.root("HTTP Responses by Server Address")
    }

    mutating func take(_ context: borrowing Context) {
        for message in reader.messages(context.dissected) {
            tree.begin(context.frame)
            if message.method != nil {
                tree.tick(requests)
                tree.tick(byAddress)
                tree.tick(byHost)
                let address = tree.tick(byAddress, context.packet.destination)
                guard let host = message.host else { continue }
                let name = context.dissected.text(of: host)
                tree.tick(tree.tick(byHost, text: name), context.packet.destination)
                tree.tick(address, text: name)
            } else if message.status != 0 {
                tree.tick(responses)
                let address = tree.tick(responses, context.packet.source)
                // As tshark has it, interim responses are no success.
                tree.tick(address, text: message.status > 100 && message.status < 400 ? "OK" : "KO")
            }
        }
    }
}

extension CountedTree {
    /// Counts at the child for an address.
    @discardableResult
    mutating func tick(_ parent: NodeID, _ address: Address) -> NodeID {
        tick(parent, for: .address(address)) {
            var text = TextBuffer(capacity: 64)
            text.append(address)
            return text.string
        }
    }
}
