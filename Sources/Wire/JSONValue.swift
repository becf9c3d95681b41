/// A value that is written as JSON (RFC 8259): for reports, not for packets.
public indirect enum JSONValue {
    case null
    case bool(Bool)
    case integer(Int64)
    case double(Double)
    /// A span in seconds, to the nanosecond.
    case seconds(Timestamp)
    case string(String)
    case array([JSONValue])
    /// So many elements, each made when it is written.
    case elements(count: Int, element: (Int) -> JSONValue)
    /// Members in the order in which they are written.
    case object([(name: String, value: JSONValue)])

    /// An array with an element for each of a list, made when it is written.
    public static func list<List: RandomAccessCollection>(_ list: List, _ element: @escaping (List.Element) -> JSONValue) -> JSONValue {
        .elements(count: list.count) { element(list[list.index(list.startIndex, offsetBy: $0)]) }
    }

    public init(_ number: some BinaryInteger) { self = .integer(Int64(clamping: number)) }
}

extension TextBuffer {
    /// The value over several lines, each level indented by two blanks.
    public mutating func append(_ value: JSONValue, indent: Int = 0) {
        switch value {
        case .null: append("null")
        case .bool(let flag): append(flag ? "true" : "false")
        case .integer(let number): append(signed: number)
        // JSON has no notation for what is no finite number.
        case .double(let number): append(number.isFinite ? "\(number)" : "null")
        case .seconds(let span): append(seconds: span)
        case .string(let text): append(quoted: text)
        case .array(let elements):
            appendList("[", "]", elements, indent) { $0.append($1, indent: indent + 2) }
        case .elements(let count, let element):
            appendList("[", "]", 0..<count, indent) { $0.append(element($1), indent: indent + 2) }
        case .object(let members):
            appendList("{", "}", members, indent) {
                $0.append(quoted: $1.name)
                $0.append(": ")
                $0.append($1.value, indent: indent + 2)
            }
        }
    }

    private mutating func appendList<List: Collection>(
        _ open: StaticString, _ close: StaticString, _ elements: List, _ indent: Int, _ write: (inout TextBuffer, List.Element) -> Void
    ) {
        append(open)
        for (index, element) in elements.enumerated() {
            drainIfLong()
            append(index == 0 ? "\n" : ",\n")
            append(repeating: 32, count: indent + 2)
            write(&self, element)
        }
        if !elements.isEmpty {
            append(10)
            append(repeating: 32, count: indent)
        }
        append(close)
    }

    private mutating func append(seconds span: Timestamp) {
        let isNegative = span.seconds < 0
        let magnitude = isNegative ? Timestamp.zero - span : span
        if isNegative { append(45) }
        append(signed: magnitude.seconds)
        append(46)
        append(decimal: UInt64(magnitude.nanoseconds), width: 9)
    }

    private mutating func append(quoted text: String) {
        append(34)
        for byte in text.utf8 {
            switch byte {
            case 34: append("\\\"")
            case 92: append("\\\\")
            case 0..<0x20:
                append("\\u")
                append(hex: UInt64(byte), width: 4)
            default: append(byte)
            }
        }
        append(34)
    }
}
