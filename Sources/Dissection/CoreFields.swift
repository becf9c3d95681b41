/// The fields of the dissection itself: text nodes, expert items, and the marks of what could not be read.
public struct CoreFields: Sendable {
    public let expert: FieldID
    public let expertMessage: FieldID
    public let expertSeverity: FieldID
    public let expertGroup: FieldID
    public let malformed: FieldID
    public let short: FieldID
    public let unreassembled: FieldID
    public let malformedExpert: ExpertID
    public let limitExpert: ExpertID
    /// A text ends at a zero byte, but other bytes follow.
    public let strayCharacters: ExpertID

    static let placeholder = CoreFields()

    private init() {
        let none = FieldID(rawValue: 0)
        (expert, expertMessage, expertSeverity, expertGroup) = (none, none, none, none)
        (malformed, short, unreassembled) = (none, none, none)
        malformedExpert = ExpertID(rawValue: 0)
        limitExpert = ExpertID(rawValue: 0)
        strayCharacters = ExpertID(rawValue: 0)
    }

    init(registering r: inout Registrar) {
        // Field 0 is the text-only node.
        _ = r.proto("", "Text", short: "Text")
        let expertProtocol = r.proto("_ws.expert", "Expert Info", short: "Expert")
        expert = r.node(of: expertProtocol)
        expertMessage = r.field("_ws.expert.message", "Message", .string)
        expertSeverity = r.field("_ws.expert.severity", "Severity level", .uint32, strings: ValueStrings(
            [ExpertSeverity.comment, .chat, .note, .warning, .error].map { (UInt64($0.rawValue), $0.name) }, specialOnly: false))
        expertGroup = r.field("_ws.expert.group", "Group", .uint32, strings: ValueStrings(
            (1...14).compactMap { ExpertGroup(rawValue: $0 << 24) }.map { (UInt64($0.rawValue), $0.name) }))
        let malformedProtocol = r.proto("_ws.malformed", "Malformed Packet", short: "Malformed packet")
        malformed = r.node(of: malformedProtocol)
        malformedExpert = r.expert("_ws.malformed.expert", .malformed, .error, "Malformed Packet (Exception occurred)")
        limitExpert = r.expert("_ws.wirelark.limit", .malformed, .warning, "Limit of items or layers reached")
        let shortProtocol = r.proto("_ws.short", "Short Frame", short: "Short frame")
        short = r.node(of: shortProtocol)
        let unreassembledProtocol = r.proto("_ws.unreassembled", "Unreassembled Fragmented Packet", short: "Unreassembled fragmented packet")
        unreassembled = r.node(of: unreassembledProtocol)
        _ = r.proto("_ws.string", "String Errors", short: "String errors")
        strayCharacters = r.expert("_ws.string.trailing_stray_characters", .undecoded, .warning, "Trailing stray characters")
    }
}
