/// A node of a tree as PDML has it.
struct PDMLNode: Hashable, CustomStringConvertible {
    var depth: Int
    /// "(text)" for a node without a field.
    var name: String
    /// What it is called for people, which a protocol's node has in place of a value.
    var label: String
    var show: String
    var place: String
    var isHidden: Bool

    var description: String {
        String(repeating: "  ", count: depth) + "\(name) [\(show)] \(place)\(isHidden ? " h" : "") | \(label)"
    }
}

/// Reads the trees of packets from PDML as tshark and our printer write it.
struct PDMLScanner {
    /// What PDML adds to the dissection; the fields stand in `geninfo`.
    private static let ignored: Set<String> = ["geninfo", "num", "len", "caplen", "timestamp"]

    static func packets(_ text: String) -> [[PDMLNode]] {
        guard let first = text.firstRange(of: "<packet>") else { return [] }
        return text[first.lowerBound...].split(separator: "<packet>").map { nodes(of: $0) }
    }

    private static func nodes(of packet: Substring) -> [PDMLNode] {
        var nodes: [PDMLNode] = []
        var depth = 0
        for tag in packet.split(separator: "<") {
            if tag.hasPrefix("/field") || tag.hasPrefix("/proto") { depth -= 1 }
            guard tag.hasPrefix("field ") || tag.hasPrefix("proto ") else { continue }
            let node = node(attributes(of: tag.dropFirst(6)), depth)
            if !ignored.contains(node.name) { nodes.append(node) }
            if !tag.contains("/>") { depth += 1 }
        }
        return nodes
    }

    private static func node(_ attributes: [String: String], _ depth: Int) -> PDMLNode {
        let name = attributes["name"] ?? ""
        let place = (attributes["pos"] ?? "") + "+" + (attributes["size"] ?? "")
        return PDMLNode(
            depth: depth, name: name.isEmpty ? "(text)" : name, label: attributes["showname"] ?? "", show: attributes["show"] ?? "",
            place: place, isHidden: attributes["hide"] == "yes")
    }

    private static func attributes(of tag: Substring) -> [String: String] {
        var attributes: [String: String] = [:]
        var rest = tag
        while let equals = rest.firstIndex(of: "="), rest.index(after: equals) < rest.endIndex {
            let value = rest[rest.index(equals, offsetBy: 2)...]
            guard let end = value.firstIndex(of: "\"") else { break }
            // White space in a value is as good as a blank (XML, sections 2.11 and 3.3.3).
            attributes[String(rest[..<equals].trimming { $0 == " " })] = String(value[..<end].map { $0.isWhitespace ? " " : $0 })
            rest = value[value.index(after: end)...]
        }
        return attributes
    }
}
