import Dissection

extension FieldType {
    /// Wireshark's name and number for the type, as reports and raw JSON have them.
    var wireshark: (name: StaticString, number: Int) {
        switch self {
        case .none: ("FT_NONE", 0)
        case .proto: ("FT_PROTOCOL", 1)
        case .boolean: ("FT_BOOLEAN", 2)
        case .uint8: ("FT_UINT8", 4)
        case .uint16: ("FT_UINT16", 5)
        case .uint24: ("FT_UINT24", 6)
        case .uint32: ("FT_UINT32", 7)
        case .uint40: ("FT_UINT40", 8)
        case .uint48: ("FT_UINT48", 9)
        case .uint56: ("FT_UINT56", 10)
        case .uint64: ("FT_UINT64", 11)
        case .int8: ("FT_INT8", 12)
        case .int16: ("FT_INT16", 13)
        case .int24: ("FT_INT24", 14)
        case .int32: ("FT_INT32", 15)
        case .int64: ("FT_INT64", 19)
        case .float: ("FT_FLOAT", 22)
        case .double: ("FT_DOUBLE", 23)
        case .absoluteTime: ("FT_ABSOLUTE_TIME", 24)
        case .relativeTime: ("FT_RELATIVE_TIME", 25)
        case .string: ("FT_STRING", 26)
        case .stringZero: ("FT_STRINGZ", 27)
        case .ethernet: ("FT_ETHER", 29)
        case .bytes: ("FT_BYTES", 30)
        case .ipv4: ("FT_IPv4", 32)
        case .ipv6: ("FT_IPv6", 33)
        case .frameNumber: ("FT_FRAMENUM", 35)
        case .objectIdentifier: ("FT_OID", 37)
        case .eui64: ("FT_EUI64", 38)
        }
    }

    /// What the type is, in words.
    var description: StaticString {
        switch self {
        case .none: "Label"
        case .proto: "Protocol"
        case .boolean: "Boolean"
        case .uint8: "Unsigned integer (1 byte)"
        case .uint16: "Unsigned integer (2 bytes)"
        case .uint24: "Unsigned integer (3 bytes)"
        case .uint32: "Unsigned integer (4 bytes)"
        case .uint40: "Unsigned integer (5 bytes)"
        case .uint48: "Unsigned integer (6 bytes)"
        case .uint56: "Unsigned integer (7 bytes)"
        case .uint64: "Unsigned integer (8 bytes)"
        case .int8: "Signed integer (1 byte)"
        case .int16: "Signed integer (2 bytes)"
        case .int24: "Signed integer (3 bytes)"
        case .int32: "Signed integer (4 bytes)"
        case .int64: "Signed integer (8 bytes)"
        case .float: "Floating point (single-precision)"
        case .double: "Floating point (double-precision)"
        case .absoluteTime: "Date and time"
        case .relativeTime: "Time offset"
        case .string, .stringZero: "Character string"
        case .ethernet: "Ethernet or other MAC address"
        case .bytes: "Byte sequence"
        case .ipv4: "IPv4 address"
        case .ipv6: "IPv6 address"
        case .frameNumber: "Frame number"
        case .objectIdentifier: "ASN.1 object identifier"
        case .eui64: "EUI64 address"
        }
    }

    /// What Elasticsearch keeps the values as, where it needs to be told.
    var elasticType: StaticString? {
        switch self {
        case .boolean: "boolean"
        case .uint8, .int8: "short"
        case .uint16, .uint24, .int16, .int24, .int32: "integer"
        case .uint32, .uint40, .uint48, .uint56, .uint64, .int64, .frameNumber: "long"
        case .float, .double: "float"
        case .absoluteTime, .relativeTime: "date"
        case .bytes: "byte"
        case .ipv4, .ipv6: "ip"
        default: nil
        }
    }
}

extension FieldBase {
    var wiresharkName: StaticString {
        switch self {
        case .none, .local, .utc: "BASE_NONE"
        case .decimal: "BASE_DEC"
        case .hex: "BASE_HEX"
        case .octal: "BASE_OCT"
        case .decimalHex: "BASE_DEC_HEX"
        case .hexDecimal: "BASE_HEX_DEC"
        }
    }
}
