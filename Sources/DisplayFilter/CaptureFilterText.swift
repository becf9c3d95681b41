/// A display filter as a capture filter (pcap-filter(7)), where one says the same of packets that are neither fragments nor in tunnels.
struct CaptureFilterText {
    let text: [UInt8]

    /// nil where there is none.
    func text(_ tree: SyntaxTree) -> String? {
        switch tree {
        case .not(let inner): text(inner).map { "not (\($0))" }
        case .and(let left, let right): joined(left, "and", right)
        case .or(let left, let right): joined(left, "or", right)
        case .xor, .contains, .matches: nil
        case .test(let expression): name(expression).flatMap { Self.protocols[$0] }
        case .comparison(let left, let relation, let right): comparison(left, relation, right)
        case .membership(let expression, let elements, .any): membership(expression, elements)
        case .membership: nil
        }
    }

    private func joined(_ left: SyntaxTree, _ word: String, _ right: SyntaxTree) -> String? {
        guard let a = text(left), let b = text(right) else { return nil }
        return "(\(a)) \(word) (\(b))"
    }

    private func comparison(_ left: Expression, _ relation: Relation, _ right: Expression) -> String? {
        guard let name = name(left), let value = self.name(right), let primitive = Self.primitives[name] else { return nil }
        let equal = primitive.test(value)
        switch (relation.comparison, relation.quantifier) {
        case (.equal, .any): return equal
        // There is a value, and none is equal.
        case (.notEqual, .all): return "\(primitive.presence) and not (\(equal))"
        default: return nil
        }
    }

    private func membership(_ expression: Expression, _ elements: [SetElement]) -> String? {
        guard let name = name(expression), let primitive = Self.primitives[name] else { return nil }
        var tests: [String] = []
        for element in elements {
            guard let low = self.name(element.low) else { return nil }
            guard let high = element.high else {
                tests.append(primitive.test(low))
                continue
            }
            guard let upper = self.name(high), let range = primitive.range(low, upper) else { return nil }
            tests.append(range)
        }
        return tests.joined(separator: " or ")
    }

    private func name(_ expression: Expression) -> String? {
        guard case .operand(let operand) = expression.kind, operand.kind == .word else { return nil }
        return operand.text
    }

    private struct Primitive {
        let presence: String
        let qualifier: String
        let isAddress: Bool

        func test(_ value: String) -> String {
            guard isAddress else { return "\(qualifier) \(value)" }
            return value.contains("/") ? "\(qualifier.replacingSuffix("host", "net")) \(value)" : "\(qualifier) \(value)"
        }

        func range(_ low: String, _ high: String) -> String? {
            qualifier.hasSuffix("port") ? "\(qualifier)range \(low)-\(high)" : nil
        }
    }

    private static let protocols = [
        "ip": "ip", "ipv6": "ip6", "tcp": "tcp", "udp": "udp", "arp": "arp", "icmp": "icmp", "icmpv6": "icmp6", "vlan": "vlan",
    ]

    private static let primitives: [String: Primitive] = {
        var all: [String: Primitive] = [:]
        for proto in ["tcp", "udp"] {
            all["\(proto).port"] = Primitive(presence: proto, qualifier: "\(proto) port", isAddress: false)
            all["\(proto).srcport"] = Primitive(presence: proto, qualifier: "\(proto) src port", isAddress: false)
            all["\(proto).dstport"] = Primitive(presence: proto, qualifier: "\(proto) dst port", isAddress: false)
        }
        for (proto, word) in [("ip", "ip"), ("ipv6", "ip6")] {
            all["\(proto).addr"] = Primitive(presence: word, qualifier: "\(word) host", isAddress: true)
            all["\(proto).src"] = Primitive(presence: word, qualifier: "\(word) src host", isAddress: true)
            all["\(proto).dst"] = Primitive(presence: word, qualifier: "\(word) dst host", isAddress: true)
        }
        all["ip.proto"] = Primitive(presence: "ip", qualifier: "ip proto", isAddress: false)
        // Every frame of Ethernet has addresses.
        all["eth.addr"] = Primitive(presence: "greater 0", qualifier: "ether host", isAddress: false)
        all["eth.src"] = Primitive(presence: "greater 0", qualifier: "ether src", isAddress: false)
        all["eth.dst"] = Primitive(presence: "greater 0", qualifier: "ether dst", isAddress: false)
        return all
    }()
}

extension String {
    fileprivate func replacingSuffix(_ suffix: String, _ other: String) -> String { hasSuffix(suffix) ? dropLast(suffix.count) + other : self }
}
