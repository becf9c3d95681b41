import Dissection
import DisplayFilter

/// Wireshark's codes for what a column shows: `%m`, `%Cus:ip.ttl:0:R`.
public enum ColumnFormats {
    /// In the order of Wireshark's report of them.
    public static let all: [(code: String, description: String, content: ColumnContent)] = [
        ("%q", "802.1Q VLAN id", .nothing), ("%Yt", "Absolute date, as YYYY-MM-DD, and time", .time(.absoluteWithDate)),
        ("%YDOYt", "Absolute date, as YYYY/DOY, and time", .time(.absoluteWithDayOfYear)), ("%At", "Absolute time", .time(.absolute)),
        ("%V", "Cisco VSAN", .nothing), ("%B", "Cumulative Bytes", .cumulativeByteCount), ("%Cus", "Custom", .nothing),
        ("%y", "DCE/RPC call (cn_call_id / dg_seqnum)", .nothing), ("%Tt", "Delta time", .time(.delta)),
        ("%Gt", "Delta time displayed", .time(.deltaDisplayed)), ("%rd", "Dest addr (resolved)", .destination(.innermost, isResolved: true)),
        ("%ud", "Dest addr (unresolved)", .destination(.innermost, isResolved: false)), ("%rD", "Dest port (resolved)", .destinationPort),
        ("%uD", "Dest port (unresolved)", .destinationPort), ("%d", "Destination address", .destination(.innermost, isResolved: true)),
        ("%D", "Destination port", .destinationPort), ("%a", "Expert Info Severity", .severity),
        ("%I", "FW-1 monitor if/direction", .nothing), ("%F", "Frequency/Channel", .nothing),
        ("%hd", "Hardware dest addr", .destination(.link, isResolved: true)), ("%hs", "Hardware src addr", .source(.link, isResolved: true)),
        ("%rhd", "Hw dest addr (resolved)", .destination(.link, isResolved: true)),
        ("%uhd", "Hw dest addr (unresolved)", .destination(.link, isResolved: false)),
        ("%rhs", "Hw src addr (resolved)", .source(.link, isResolved: true)), ("%uhs", "Hw src addr (unresolved)", .source(.link, isResolved: false)),
        ("%e", "IEEE 802.11 RSSI", .nothing), ("%x", "IEEE 802.11 TX rate", .nothing), ("%f", "IP DSCP Value", .nothing),
        ("%i", "Information", .info), ("%rnd", "Net dest addr (resolved)", .destination(.network, isResolved: true)),
        ("%und", "Net dest addr (unresolved)", .destination(.network, isResolved: false)),
        ("%rns", "Net src addr (resolved)", .source(.network, isResolved: true)),
        ("%uns", "Net src addr (unresolved)", .source(.network, isResolved: false)),
        ("%nd", "Network dest addr", .destination(.network, isResolved: true)), ("%ns", "Network src addr", .source(.network, isResolved: true)),
        ("%m", "Number", .number), ("%L", "Packet length (bytes)", .length), ("%p", "Protocol", .proto),
        ("%Rt", "Relative time", .time(.relative)), ("%s", "Source address", .source(.innermost, isResolved: true)),
        ("%S", "Source port", .sourcePort), ("%rs", "Src addr (resolved)", .source(.innermost, isResolved: true)),
        ("%us", "Src addr (unresolved)", .source(.innermost, isResolved: false)), ("%rS", "Src port (resolved)", .sourcePort),
        ("%uS", "Src port (unresolved)", .sourcePort), ("%E", "TEI", .nothing),
        ("%Yut", "UTC date, as YYYY-MM-DD, and time", .time(.utcWithDate)), ("%YDOYut", "UTC date, as YYYY/DOY, and time", .time(.utcWithDayOfYear)),
        ("%Aut", "UTC time", .time(.utc)), ("%t", "Time (format as specified)", .time(nil)),
    ]

    /// The columns that `gui.column.format` names: pairs of a title and a code, each in quotation marks, with commas between.
    /// nil for anything else.
    /// - Parameter expression: what a custom column shows that is no list of fields.
    public static func columns<Failure: Error>(
        _ text: String, _ registry: Registry, expression: (String) throws(Failure) -> FieldExpression
    ) throws(Failure) -> [SummaryColumn]? {
        guard let parts = quotedList(text), parts.count >= 2, parts.count.isMultiple(of: 2) else { return nil }
        var columns: [SummaryColumn] = []
        for index in stride(from: 0, to: parts.count, by: 2) {
            guard let content = try content(parts[index + 1], registry, expression) else { return nil }
            columns.append(SummaryColumn(parts[index], content))
        }
        return columns
    }

    private static func content<Failure: Error>(
        _ code: String, _ registry: Registry, _ expression: (String) throws(Failure) -> FieldExpression
    ) throws(Failure) -> ColumnContent? {
        switch code {
        case "%q": return .fields(CustomColumn(fields: Set(registry.fields(named: "vlan.id").map(\.id)), occurrence: -1, isResolved: true))
        case "%f": return .serviceClass(Set(["ip.dsfield.dscp", "ipv6.tclass.dscp"].flatMap { registry.fields(named: $0) }.map(\.id)))
        case "%Cus": return nil
        default: break
        }
        guard code.hasPrefix("%Cus:") else { return all.first { $0.code == code }?.content }
        var parts = code.dropFirst(5).split(separator: ":", omittingEmptySubsequences: false)
        // From the end, since other things than a number and a letter may follow a field's name.
        var custom = CustomColumn(fields: [], occurrence: 0, isResolved: true)
        if parts.count > 2, let letter = parts.last, letter == "R" || letter == "U" {
            custom.isResolved = letter == "R"
            parts.removeLast()
        }
        if parts.count > 1, let number = parts.last.flatMap({ Int($0) }) {
            custom.occurrence = number
            parts.removeLast()
        }
        let text = parts.joined(separator: ":")
        if let names = fieldNames(text) {
            custom.fields = Set(names.flatMap { registry.fields(named: $0) }.map(\.id))
        } else {
            custom.expression = try expression(text)
        }
        return .fields(custom)
    }

    /// Names with "or" or "||" between; nil for any other text.
    private static func fieldNames(_ text: String) -> [String]? {
        let words = text.replacing("||", with: " or ").split(separator: " ").map(String.init)
        let isList = words.enumerated().allSatisfy { position, word in
            position.isMultiple(of: 2) ? word.allSatisfy { $0.isLetter || $0.isNumber || "._-".contains($0) } : word == "or"
        }
        guard isList else { return nil }
        return words.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
    }

    /// Texts in quotation marks, with commas between; a backslash takes the next character as it is. Words without quotation marks
    /// count too.
    private static func quotedList(_ text: String) -> [String]? {
        var parts: [String] = []
        var rest = text[...]
        repeat {
            rest = rest.drop { $0 == " " || $0 == "\n" || $0 == "\t" }
            var part = ""
            let isQuoted = rest.first == "\""
            if isQuoted { rest.removeFirst() }
            while let character = rest.first, isQuoted ? character != "\"" : character != "," {
                rest.removeFirst()
                if character == "\\", let next = rest.popFirst() { part.append(next) } else { part.append(character) }
            }
            if isQuoted, rest.popFirst() == nil { return nil }
            parts.append(part)
            rest = rest.drop { $0 == " " || $0 == "\n" || $0 == "\t" }
            if let next = rest.first, next != "," { return nil }
        } while rest.popFirst() != nil
        return parts
    }
}
