import Dissection
import Wire

/// `dns,tree`: DNS messages by code and type, how long names and messages are, and how long responses take.
struct DNSTree: TreeCounter, ~Copyable {
    static let kind = StatisticKind("dns,tree") { request throws(StatisticError) in try TreeStatistic(request, DNSTree(request)) }

    let title = "DNS"
    var wants: PlanWants { reader.wants }
    var tree = CountedTree()
    private let reader: DNSMessageReader
    private let all, responseCodes, operations, kinds, types, classes, byteCount: CountedTree.NodeID
    private let nameLength, responseTime, unsolicited, repeated: CountedTree.NodeID
    /// Names by their number of labels, from 1.
    private let labels: [CountedTree.NodeID]
    /// By the counts of a message's header.
    private let sections: [CountedTree.NodeID]

    init(_ request: StatisticRequest) {
        reader = DNSMessageReader(request)
        all = tree.root("Total Packets")
        responseCodes = tree.child(all, "rcode")
        operations = tree.child(all, "opcodes")
        kinds = tree.child(all, "Query/Response")
        types = tree.child(all, "Query Type")
        classes = tree.child(all, "Class")
        byteCount = tree.root("Payload size", .integers)
        let queries = tree.root("Query Stats")
        nameLength = tree.child(queries, "Qname Len", .integers)
        labels = tree.children(tree.child(queries, "Label Stats"), ["1st Level", "2nd Level", "3rd Level", "4th Level or more"])
        let responses = tree.root("Response Stats")
        sections = tree.children(responses, ["no. of questions", "no. of answers", "no. of authorities", "no. of additionals"], .integers)
        let services = tree.root("Service Stats")
        responseTime = tree.child(services, "request-response time (msec)", .fractions)
        unsolicited = tree.child(services, "no. of unsolicited responses")
        repeated = tree.child(services, "no. of retransmissions")
    }

    mutating func take(_ context: borrowing Context) {
        reader.forEach(context.dissected) { message in
            tree.begin(context.frame)
            tree.tick(all)
            tick(responseCodes, message.responseCode, reader.responseCodes)
            tick(operations, message.operation, reader.operations)
            tree.tick(kinds)
            tree.tick(kinds, text: message.isResponse ? "Response" : "Query")
            tick(types, message.type, reader.types)
            tick(classes, message.questionClass, reader.classes)
            tree.take(byteCount, Double(message.byteCount))
            if message.isResponse { takeResponse(message) } else { takeQuery(message) }
            if message.isRepeated { tree.tick(repeated) }
        }
    }

    private mutating func tick(_ parent: CountedTree.NodeID, _ value: UInt64, _ names: ValueStrings?) {
        tree.tick(parent)
        tree.tick(parent, for: .number(value)) { names?.name(of: value).map { "\($0)" } ?? "Unknown (\(value))" }
    }

    private mutating func takeQuery(_ message: DNSMessage) {
        tree.take(nameLength, Double(message.nameLength))
        let count = min(Int(message.labelCount), labels.count)
        if count > 0 { tree.tick(labels[count - 1]) }
    }

    private mutating func takeResponse(_ message: DNSMessage) {
        for (node, count) in zip(sections, message.sectionCounts) {
            // tshark counts each response twice here.
            tree.take(node, Double(count))
            tree.take(node, Double(count))
        }
        if message.isUnsolicited { tree.tick(unsolicited) }
        // tshark keeps times in single precision.
        if let time = message.time { tree.take(responseTime, Double(Float(Double(time) / 1_000_000))) }
    }
}

/// What the statistics look at of a DNS message.
struct DNSMessage {
    var byteCount: UInt32 = 0
    var isResponse = false
    var responseCode: UInt64 = 0
    var operation: UInt64 = 0
    /// Of the last question.
    var type: UInt64 = 0
    var questionClass: UInt64 = 0
    var nameLength: UInt64 = 0
    var labelCount: UInt64 = 0
    /// Of questions, answers, authorities and additional records.
    var sectionCounts: [UInt64] = [0, 0, 0, 0]
    var isUnsolicited = false
    var isRepeated = false
    /// Nanoseconds from the query to this response.
    var time: Int64?
}

/// Finds the DNS messages of a frame.
struct DNSMessageReader {
    private enum Role: UInt8 {
        case none, node, response, responseCode, operation, type, questionClass, nameLength, labelCount
        case questions, answers, authorities, additional, unsolicited, repeated, time
    }

    let wants: PlanWants
    let responseCodes, operations, types, classes: ValueStrings?
    private let roles: [Role]

    init(_ request: StatisticRequest) {
        var roles = [Role](repeating: .none, count: request.registry.fields.count)
        var fields: Set<FieldID> = []
        let names: [(String, Role)] = [
            ("dns", .node), ("dns.flags.response", .response), ("dns.flags.rcode", .responseCode),
            ("dns.flags.opcode", .operation), ("dns.qry.type", .type), ("dns.qry.class", .questionClass), ("dns.qry.name.len", .nameLength),
            ("dns.count.labels", .labelCount), ("dns.count.queries", .questions), ("dns.count.answers", .answers),
            ("dns.count.auth_rr", .authorities), ("dns.count.add_rr", .additional), ("dns.unsolicited", .unsolicited),
            ("dns.retransmission", .repeated), ("dns.time", .time),
        ]
        for (name, role) in names {
            for field in request.registry.fields(named: name) {
                roles[Int(field.id.rawValue)] = role
                fields.insert(field.id)
            }
        }
        self.roles = roles
        wants = PlanWants(fields: fields)
        responseCodes = request.registry.field(named: "dns.flags.rcode")?.strings
        operations = request.registry.field(named: "dns.flags.opcode")?.strings
        types = request.registry.field(named: "dns.qry.type")?.strings
        classes = request.registry.field(named: "dns.qry.class")?.strings
    }

    func forEach(_ frame: borrowing DissectedFrame, _ body: (DNSMessage) -> Void) {
        var message: DNSMessage?
        for index in 0..<frame.itemCount {
            let item = frame.item(index)
            let role = roles[Int(item.field.rawValue)]
            guard role != .none else { continue }
            if role == .node {
                if let message { body(message) }
                message = item.depth == 0 ? DNSMessage(byteCount: item.byteCount) : nil
            } else {
                Self.add(role, item.value, to: &message)
            }
        }
        if let message { body(message) }
    }

    private static func add(_ role: Role, _ value: UInt64, to message: inout DNSMessage?) {
        switch role {
        case .none, .node: break
        case .response: message?.isResponse = value != 0
        case .responseCode: message?.responseCode = value
        case .operation: message?.operation = value
        case .type: message?.type = value
        case .questionClass: message?.questionClass = value
        case .nameLength: message?.nameLength = value
        case .labelCount: message?.labelCount = value
        case .questions: message?.sectionCounts[0] = value
        case .answers: message?.sectionCounts[1] = value
        case .authorities: message?.sectionCounts[2] = value
        case .additional: message?.sectionCounts[3] = value
        case .unsolicited: message?.isUnsolicited = true
        case .repeated: message?.isRepeated = true
        case .time: message?.time = Int64(bitPattern: value)
        }
    }
}
