import Dissection
import DisplayFilter
import Wire

/// `icmp,srt`, `icmpv6,srt`: how long echo replies took.
final class EchoTimes: Statistic {
    static let kinds = [("icmp,srt", "icmp", "ICMP", UInt64(8)), ("icmpv6,srt", "icmpv6", "ICMPv6", 128)].map { name, abbreviation, title, type in
        StatisticKind(name) { request throws(StatisticError) in try EchoTimes(request, abbreviation, title, requestType: type) }
    }

    let wants: PlanWants
    private let filter: DisplayFilter?
    private let title: String
    private let requestType: UInt64
    private let type, time: Set<FieldID>
    private var requestCount: UInt64 = 0
    private var replies: [EchoReply] = []
    private var replyLimit = Int.max
    private(set) var forgottenCount = 0

    init(_ request: StatisticRequest, _ abbreviation: String, _ title: String, requestType: UInt64) throws(StatisticError) {
        self.title = title
        self.requestType = requestType
        filter = try request.filter(request.arguments)
        type = request.fields("\(abbreviation).type")
        time = request.fields("\(abbreviation).resptime")
        wants = PlanWants(fields: type.union(time).union(filter?.fields ?? []))
    }

    func take(_ context: borrowing Context) {
        guard filter?.matches(context.dissected) ?? true else { return }
        for index in 0..<context.dissected.itemCount {
            let item = context.dissected.item(index)
            guard item.depth == 1 else { continue }
            if type.contains(item.field), item.value == requestType { requestCount += 1 }
            if time.contains(item.field) { note(EchoReply(frame: context.frame.number, milliseconds: Double(bitPattern: item.value))) }
        }
    }

    private func note(_ reply: EchoReply) {
        if replies.count >= replyLimit {
            forgottenCount += replies.count / 2
            replies.removeFirst(replies.count / 2)
        }
        replies.append(reply)
    }

    /// The list may have twice the room that it needs, and the times are copied to be sorted.
    func limit(byteCount: Int) { replyLimit = max(2, byteCount / (4 * MemoryLayout<EchoReply>.stride)) }

    func report() -> any StatisticReport {
        EchoReport(
            title: title, filter: filter?.text, requestCount: requestCount, replyCount: UInt64(replies.count + forgottenCount), replies: replies)
    }
}

/// An answered echo request.
struct EchoReply: Sendable {
    let frame: UInt32
    let milliseconds: Double
}

/// The table of echo times.
struct EchoReport: StatisticReport {
    let title: String
    let filter: String?
    let requestCount: UInt64
    /// With those whose times were forgotten.
    let replyCount: UInt64
    let replies: [EchoReply]

    private static let rule: StaticString = "==========================================================================\n"

    private var lostCount: UInt64 { requestCount - min(requestCount, replyCount) }
    private var lostPercent: Double { requestCount == 0 ? 0 : Double(lostCount) * 100 / Double(requestCount) }
    private var mean: Double { replies.isEmpty ? 0 : replies.reduce(0) { $0 + $1.milliseconds } / Double(replies.count) }

    private var median: Double {
        let times = replies.map(\.milliseconds).sorted()
        guard let last = times.last else { return 0 }
        let middle = times.count / 2
        return times.count == 1 ? last : times.count % 2 == 1 ? times[middle] : (times[middle - 1] + times[middle]) / 2
    }

    /// Of a sample.
    private var deviation: Double {
        guard replies.count > 1 else { return 0 }
        let squares = replies.reduce(0) { $0 + ($1.milliseconds - mean) * ($1.milliseconds - mean) }
        return (squares / Double(replies.count - 1)).squareRoot()
    }

    private var shortest: EchoReply? { replies.min { $0.milliseconds < $1.milliseconds } }

    private var longest: EchoReply? {
        replies.reduce(nil) { (longest: EchoReply?, reply) in longest.map { $0.milliseconds >= reply.milliseconds } ?? false ? longest : reply }
    }

    func write(_ out: inout TextBuffer) {
        out.append(10)
        out.append(Self.rule)
        out.append("\(title) Service Response Time (SRT) Statistics (all times in ms):\nFilter: \(filter ?? "<none>")\n\n")
        out.append("Requests  Replies   Lost      % Loss\n")
        for count in [requestCount, replyCount, lostCount] { writeCell(10, &out) { $0.append(decimal: count) } }
        out.append(fixed: lostPercent, decimals: 1, width: 5)
        out.append("%\n\nMinimum   Maximum   Mean      Median    SDeviation     Min Frame Max Frame\n")
        for time in [shortest?.milliseconds ?? 0, longest?.milliseconds ?? 0, mean, median] {
            writeCell(10, &out) { $0.append(fixed: time, decimals: 3) }
        }
        writeCell(15, &out) { $0.append(fixed: deviation, decimals: 3) }
        writeCell(10, &out) { $0.append(decimal: shortest?.frame ?? 0) }
        writeCell(replies.isEmpty ? 0 : 10, &out) { $0.append(decimal: longest?.frame ?? 0) }
        out.append(10)
        out.append(Self.rule)
    }

    private func writeCell(_ width: Int, _ out: inout TextBuffer, _ write: (inout TextBuffer) -> Void) {
        let begin = out.count
        write(&out)
        out.pad(from: begin, width: width)
    }

    var members: [(name: String, value: JSONValue)] {
        [
            ("filter", filter.map { .string($0) } ?? .null), ("requests", JSONValue(requestCount)), ("replies", JSONValue(replyCount)),
            ("lost", JSONValue(lostCount)), ("shortest", shortest.map { .double($0.milliseconds) } ?? .null),
            ("longest", longest.map { .double($0.milliseconds) } ?? .null), ("mean", .double(mean)), ("median", .double(median)),
            ("deviation", .double(deviation)), ("shortestFrame", shortest.map { JSONValue($0.frame) } ?? .null),
            ("longestFrame", longest.map { JSONValue($0.frame) } ?? .null),
        ]
    }
}
