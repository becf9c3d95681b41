/// A field as PDML has it, as far as dissections are compared.
struct PDMLField: Hashable, CustomStringConvertible {
    var name: String
    var show: String
    var position: String
    var byteCount: String

    var description: String { "\(name) \"\(show)\" \(position)+\(byteCount)" }
}

/// Reads the fields of each packet from PDML. Text-only nodes and what stands under `_ws.` (texts for people) are left out.
struct PDMLScanner {
    static func packets(_ text: String) -> [[PDMLField]] {
        guard let first = text.firstRange(of: "<packet>") else { return [] }
        return text[first.lowerBound...].split(separator: "<packet>").map { fields(of: $0) }
    }

    private static func fields(of packet: Substring) -> [PDMLField] {
        var fields: [PDMLField] = []
        for tag in packet.split(separator: "<") {
            guard tag.hasPrefix("field ") || tag.hasPrefix("proto ") else { continue }
            let attributes = attributes(of: tag.dropFirst(6))
            let name = attributes["name"] ?? ""
            if name.isEmpty || name.hasPrefix("_ws.") || ignored.contains(name) { continue }
            let isProtocol = tag.hasPrefix("proto ")
            fields.append(PDMLField(
                name: name, show: isProtocol ? "" : attributes["show"] ?? "", position: attributes["pos"] ?? "",
                byteCount: attributes["size"] ?? ""))
        }
        return fields
    }

    /// What PDML adds to the dissection.
    private static let ignored: Set<String> = ["geninfo", "num", "len", "caplen", "timestamp", "fake-field-wrapper"]

    private static func attributes(of tag: Substring) -> [String: String] {
        var attributes: [String: String] = [:]
        var rest = tag
        while let equals = rest.firstIndex(of: "="), rest.index(after: equals) < rest.endIndex {
            let value = rest[rest.index(equals, offsetBy: 2)...]
            guard let end = value.firstIndex(of: "\"") else { break }
            attributes[String(rest[..<equals].trimming { $0 == " " })] = String(value[..<end])
            rest = value[value.index(after: end)...]
        }
        return attributes
    }
}
