import Dissection
import Wire

extension RegistryReport {
    /// Protocols and fields: `F`, name, abbreviation, type, protocol, base, mask and description, with tabs between.
    static func writeFields(_ registry: Registry, _ out: inout TextBuffer) {
        for proto in registry.protocols where !proto.abbreviation.isEmpty { out.appendLine("P", proto.name, proto.abbreviation) }
        for field in registry.fields where field.type != .proto {
            guard !field.isOwnProtocol else {
                out.appendLine("P", field.name, field.abbreviation)
                continue
            }
            let base = switch field.type {
            case .boolean: "\(field.mask == 0 ? 0 : field.wordBitCount)"
            case let type where type.isInteger && type != .frameNumber: "\(field.base.wiresharkName)"
            default: ""
            }
            out.appendLine(
                "F", field.name, field.abbreviation, "\(field.type.wireshark.name)", registry[field.proto].abbreviation, base,
                "0x" + String(field.mask, radix: 16), "")
        }
    }

    /// Names of values: `V` with a value, `R` with a range, `T` with what stands for true and false.
    static func writeValues(_ registry: Registry, _ out: inout TextBuffer) {
        for field in registry.fields {
            if field.type == .boolean, "\(field.trueText)" != "True" || "\(field.falseText)" != "False" {
                out.appendLine("T", field.abbreviation, "\(field.trueText)", "\(field.falseText)")
            }
            guard let strings = field.strings else { continue }
            let isHexadecimal = field.base == .hex || field.base == .hexDecimal
            func text(_ value: UInt64) -> String { isHexadecimal ? "0x" + String(value, radix: 16) : "\(value)" }
            for (range, name) in strings.all {
                if strings.isRange {
                    out.appendLine("R", field.abbreviation, text(range.lowerBound), text(range.upperBound), "\(name)")
                } else {
                    out.appendLine("V", field.abbreviation, text(range.lowerBound), "\(name)")
                }
            }
        }
    }

    /// What Elasticsearch needs to know to keep what `-T ek` writes.
    static func writeElasticMapping(_ registry: Registry, _ protocols: Set<String>?, _ out: inout TextBuffer) {
        out.append("""
            {
              "settings": {
                "index.mapping.total_fields.limit": 1000000
              },
              "mappings": {
                "dynamic": false,
                "properties": {
                  "timestamp": {
                    "type": "date"
                  },
                  "layers": {
                    "properties": {
            """ as String)
        var isFirst = true
        for proto in registry.protocols where !proto.abbreviation.isEmpty && protocols?.contains(proto.abbreviation) ?? true {
            let fields = registry.fields.filter { $0.proto == proto.id && $0.type != .proto && !$0.isOwnProtocol }
            guard !fields.isEmpty else { continue }
            out.append(isFirst ? "\n" : ",\n")
            isFirst = false
            out.append("          \"\(proto.abbreviation)\": {\n            \"properties\": {")
            var isFirstField = true
            for field in fields {
                guard let type = field.type.elasticType else { continue }
                out.append(isFirstField ? "\n" : ",\n")
                isFirstField = false
                let key = "\(proto.abbreviation)_\(field.abbreviation)".map { $0 == "." ? "_" : $0 }
                out.append("              \"\(String(key))\": {\n                \"type\": \"\(type)\"\n              }")
                out.drainIfLong()
            }
            out.append(isFirstField ? "}\n          }" : "\n            }\n          }")
        }
        out.append("\n        }\n      }\n    }\n  }\n}\n")
    }
}
