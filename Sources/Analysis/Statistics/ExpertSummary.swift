import Dissection
import DisplayFilter
import Wire

/// `expert`: expert items by severity, and how often each was raised.
final class ExpertSummary: Statistic {
    static let kind = StatisticKind("expert") { request throws(StatisticError) in try ExpertSummary(request) }

    private static let severityNames: [(String, ExpertSeverity)] = [
        ("error", .error), ("warn", .warning), ("note", .note), ("chat", .chat), ("comment", .comment),
    ]

    private struct Key: Hashable {
        var severity: UInt64
        var group: UInt64
        var proto: ProtocolID?
        var message: String
    }

    let wants: PlanWants
    private let filter: DisplayFilter?
    private let registry: Registry
    private let least: ExpertSeverity
    /// Raised about what follows the payload that an EtherType names.
    private let paddingField, etherTypeField: FieldID?
    private var found: [Key: Int] = [:]
    private var entries: [ExpertEntry] = []
    /// Items so far: tells what was raised the longest ago.
    private var noteCount: UInt64 = 0
    /// Of the messages.
    private var textByteCount = 0
    private var byteLimit = Int.max
    private(set) var forgottenCount = 0

    /// Arguments: a severity, a filter, or the one after the other.
    init(_ request: StatisticRequest) throws(StatisticError) {
        registry = request.registry
        let parts = request.arguments.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
        if let first = parts.first, let severity = Self.severityNames.first(where: { $0.0 == first.lowercased() })?.1 {
            least = severity
            filter = try request.filter(parts.count > 1 ? parts[1] : "")
        } else {
            least = .comment
            filter = try request.filter(request.arguments)
        }
        paddingField = registry.field(named: "eth.padding_bad")?.id
        etherTypeField = registry.field(named: "ethertype")?.id
        let core = request.registry.core
        var fields: Set<FieldID> = [core.expert, core.expertMessage, core.expertSeverity, core.expertGroup]
        if let paddingField { fields.insert(paddingField) }
        wants = PlanWants(fields: fields, needs: .everything).union(filter?.wants ?? PlanWants())
    }

    func take(_ context: borrowing Context) {
        guard filter?.matches(context.dissected) ?? true else { return }
        let core = registry.core
        var key = Key(severity: 0, group: 0, proto: nil, message: "")
        var isPadding = false
        for index in 0..<context.dissected.itemCount {
            let item = context.dissected.item(index)
            if item.field == core.expert {
                isPadding = false
            } else if item.field == paddingField {
                isPadding = true
            } else if item.field == core.expertMessage {
                let proto = self.proto(item, isPadding: isPadding, context)
                key = Key(severity: 0, group: 0, proto: proto, message: context.dissected.text(of: item))
            } else if item.field == core.expertSeverity {
                key.severity = item.value
            } else if item.field == core.expertGroup {
                key.group = item.value
                // What is wrong with a quoted packet is no news of this one.
                if !item.flags.contains(.quoted) { note(key) }
            }
        }
    }

    /// The protocol that raised an item. Where an EtherType named the payload, what follows that is the business of the layer that
    /// handed on to it.
    private func proto(_ item: Item, isPadding: Bool, _ context: borrowing Context) -> ProtocolID? {
        let layer = Int(item.layer)
        if isPadding, let next = context.proto(ofLayer: layer + 1), registry[next].field == etherTypeField { return next }
        return context.proto(ofLayer: layer)
    }

    private func note(_ key: Key) {
        guard key.severity >= UInt64(least.rawValue) else { return }
        noteCount += 1
        if let index = found[key] {
            entries[index].count += 1
            entries[index].lastNote = noteCount
            return
        }
        if entries.count * Self.entryByteCount + textByteCount >= byteLimit { forgetOlderHalf() }
        textByteCount += key.message.utf8.count
        found[key] = entries.count
        entries.append(ExpertEntry(
            severity: ExpertSeverity(rawValue: UInt32(truncatingIfNeeded: key.severity)) ?? .error,
            group: ExpertGroup(rawValue: UInt32(truncatingIfNeeded: key.group)) ?? .undecoded,
            proto: key.proto.map { "\(registry[$0].shortName)" } ?? "", message: key.message, count: 1, lastNote: noteCount))
    }

    func limit(byteCount: Int) { byteLimit = byteCount }

    /// Of the list and the table, each of which may have twice the room that it needs.
    private static let entryByteCount = 2 * MemoryLayout<ExpertEntry>.stride + 3 * (MemoryLayout<Key>.stride + MemoryLayout<Int>.stride)

    private func forgetOlderHalf() {
        guard !entries.isEmpty else { return }
        let first = entries.map(\.lastNote).sorted()[entries.count / 2]
        let kept = found.filter { entries[$0.value].lastNote >= first }.sorted { $0.value < $1.value }
        forgottenCount += entries.count - kept.count
        entries = kept.map { entries[$0.value] }
        found = Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($1.key, $0) })
        textByteCount = entries.reduce(0) { $0 + $1.message.utf8.count }
    }

    func report() -> any StatisticReport { ExpertReport(filter: filter?.text, entries: entries) }
}

/// An expert item and how often it was raised.
struct ExpertEntry: Sendable {
    let severity: ExpertSeverity
    let group: ExpertGroup
    let proto: String
    let message: String
    var count: UInt64
    /// Which item of all it was when it was last raised.
    var lastNote: UInt64
}

/// A table for each severity.
struct ExpertReport: StatisticReport {
    let filter: String?
    let entries: [ExpertEntry]

    private static let titles: [(ExpertSeverity, StaticString)] = [
        (.error, "Errors"), (.warning, "Warns"), (.note, "Notes"), (.chat, "Chats"), (.comment, "Comments"),
    ]

    func write(_ out: inout TextBuffer) {
        for (severity, title) in Self.titles {
            let chosen = entries.filter { $0.severity == severity }
            guard !chosen.isEmpty else { continue }
            out.append(10)
            out.append(title)
            out.append(" (")
            out.append(decimal: chosen.reduce(0) { $0 + $1.count })
            out.append(")\n=============\n   Frequency      Group           Protocol  Summary\n")
            for entry in chosen {
                out.drainIfLong()
                write(entry, &out)
            }
        }
    }

    private func write(_ entry: ExpertEntry, _ out: inout TextBuffer) {
        out.append(entry.count, width: 12)
        out.append(32)
        var begin = out.count
        out.append(entry.group.name)
        out.rightAlign(from: begin, width: 10)
        out.append(32)
        begin = out.count
        out.append(entry.proto)
        out.rightAlign(from: begin, width: 18)
        out.append("  ")
        out.append(entry.message)
        out.append(10)
    }

    var members: [(name: String, value: JSONValue)] {
        [
            ("filter", filter.map { .string($0) } ?? .null),
            ("items", .list(entries) { entry in
                .object([
                    ("severity", .string("\(entry.severity.name)")), ("group", .string("\(entry.group.name)")), ("protocol", .string(entry.proto)),
                    ("summary", .string(entry.message)), ("count", JSONValue(entry.count)),
                ])
            }),
        ]
    }
}
