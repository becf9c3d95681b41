import Dissection
import DisplayFilter
import Wire

/// `flow,any|icmp|icmpv6|tcp,standard|network`: who sent what to whom, as a diagram. Since its columns are the endpoints of the
/// whole capture, its packets are kept.
final class FlowGraph: Statistic {
    enum Kind: String, CaseIterable, Sendable { case any, icmp, icmpv6, tcp }

    static var kinds: [StatisticKind] {
        Kind.allCases.map { kind in StatisticKind("flow,\(kind.rawValue)") { request throws(StatisticError) in try FlowGraph(kind, request) } }
    }

    let wants: PlanWants
    private let kind: Kind
    private let filter: DisplayFilter?
    private let usesNetworkAddresses: Bool
    private let fields: FlowFields
    private let resolution: NameResolution
    private var log = FlowLog()

    /// Arguments: which addresses, and a filter.
    init(_ kind: Kind, _ request: StatisticRequest) throws(StatisticError) {
        self.kind = kind
        resolution = request.settings.resolution
        let parts = request.arguments.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
        switch parts.first {
        // As tshark has it: "standard" shows packets of a network layer, "network" all that have addresses.
        case "standard": usesNetworkAddresses = true
        case "network": usesNetworkAddresses = false
        default: throw StatisticError("\"-z \(request.name)\" needs to know which addresses to show: \"\(request.name),standard\" or \"\(request.name),network\".")
        }
        filter = try request.filter(parts.count > 1 ? parts[1] : "")
        fields = FlowFields(kind, request)
        wants = PlanWants(fields: fields.all.union(filter?.fields ?? []), columns: kind != .tcp || !usesNetworkAddresses)
    }

    func take(_ context: borrowing Context) {
        guard filter?.matches(context.dissected) ?? true else { return }
        let packet = context.packet
        let source = usesNetworkAddresses ? packet.source : context.columns.source
        let destination = usesNetworkAddresses ? packet.destination : context.columns.destination
        guard source.kind != .none, destination.kind != .none else { return }
        var event = FlowEvent(
            time: context.frame.timeRelative ?? .zero, timeDigits: context.frame.timeDigits, sourcePort: packet.sourcePort,
            destinationPort: packet.destinationPort)
        let ends = (source, destination)
        switch kind {
        case .any: log.append(event, ends, columns: context.columns)
        case .icmp, .icmpv6: fields.forEachMessage(context.dissected) { port in
            // Packets that travel over a transport have its ports.
            if packet.sourcePort == 0, packet.destinationPort == 0 { event.destinationPort = port }
            log.append(event, ends, columns: context.columns)
        }
        case .tcp: fields.forEachSegment(context.dissected) { segment in
            (event.sourcePort, event.destinationPort, event.conversation) = (segment.sourcePort, segment.destinationPort, segment.stream)
            log.append(event, ends, segment)
        }
        }
    }

    func limit(byteCount: Int) { log.limit(byteCount: byteCount) }
    var forgottenCount: Int { log.forgottenCount }

    func report() -> any StatisticReport { FlowReport(filter: filter?.text, log: log.copy(), resolution: resolution) }
}

/// What of a TCP segment the diagram shows.
struct FlowSegment {
    var sourcePort: UInt32 = 0
    var destinationPort: UInt32 = 0
    var stream: UInt32 = 0
    var sequence: UInt32 = 0
    var acknowledgment: UInt32 = 0
    var flags: UInt32 = 0
    var byteCount: UInt32 = 0

    var isAcknowledgment: Bool { flags & 0x10 != 0 }
}

/// Finds what the diagram shows of a frame.
struct FlowFields {
    private enum Role: UInt8 { case none, sourcePort, destinationPort, stream, sequence, acknowledgment, flags, byteCount, type, code, node }

    let all: Set<FieldID>
    private let roles: [Role]
    private let echoTypes: Set<UInt32>

    init(_ kind: FlowGraph.Kind, _ request: StatisticRequest) {
        var names: [(String, Role)] = []
        echoTypes = kind == .icmp ? [0, 8] : [128, 129]
        switch kind {
        case .any: break
        case .icmp, .icmpv6: names = [("\(kind.rawValue).type", .type), ("\(kind.rawValue).code", .code)]
        case .tcp:
            names = [
                ("tcp", .node), ("tcp.srcport", .sourcePort), ("tcp.dstport", .destinationPort), ("tcp.stream", .stream), ("tcp.seq", .sequence),
                ("tcp.ack", .acknowledgment), ("tcp.flags", .flags), ("tcp.len", .byteCount),
            ]
        }
        var roles = [Role](repeating: .none, count: request.registry.fields.count)
        var all: Set<FieldID> = []
        for (name, role) in names {
            for field in request.registry.fields(named: name) {
                roles[Int(field.id.rawValue)] = role
                all.insert(field.id)
            }
        }
        self.roles = roles
        self.all = all
    }

    /// Hands type and code of each echo message to `body`, as one number.
    func forEachMessage(_ frame: borrowing DissectedFrame, _ body: (UInt32) -> Void) {
        var type: UInt32 = 0
        for index in 0..<frame.itemCount {
            let item = frame.item(index)
            guard item.depth == 1 else { continue }
            switch roles[Int(item.field.rawValue)] {
            case .type: type = UInt32(truncatingIfNeeded: item.value) & 0xff
            case .code: if echoTypes.contains(type) { body(type << 8 | UInt32(truncatingIfNeeded: item.value) & 0xff) }
            default: continue
            }
        }
    }

    func forEachSegment(_ frame: borrowing DissectedFrame, _ body: (FlowSegment) -> Void) {
        var segment: FlowSegment?
        var isWhole = false
        for index in 0..<frame.itemCount {
            let item = frame.item(index)
            let role = roles[Int(item.field.rawValue)]
            if role == .node {
                if let segment, isWhole { body(segment) }
                segment = item.depth == 0 ? FlowSegment() : nil
                isWhole = false
            } else if role != .none, item.depth == 1 {
                Self.add(role, UInt32(truncatingIfNeeded: item.value), to: &segment)
                if role == .stream { isWhole = true }
            }
        }
        if let segment, isWhole { body(segment) }
    }

    private static func add(_ role: Role, _ value: UInt32, to segment: inout FlowSegment?) {
        switch role {
        case .sourcePort: segment?.sourcePort = value
        case .destinationPort: segment?.destinationPort = value
        case .stream: segment?.stream = value
        case .sequence: segment?.sequence = value
        case .acknowledgment: segment?.acknowledgment = value
        case .flags: segment?.flags = value
        case .byteCount: segment?.byteCount = value
        case .none, .node, .type, .code: break
        }
    }
}
