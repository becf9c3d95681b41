import Analysis
import Dissection
import Presentation
import Wire

/// `-z follow,tcp,ascii,0`: a conversation's contents among the statistics.
final class FollowStatistic: Statistic {
    let wants: PlanWants
    let requirement: String?
    private var writer: FollowWriter
    private let spool: Spool?
    private var failure: CommandError?

    /// Whether each part is written as soon as it is known.
    var printsMeanwhile: Bool { spool == nil }

    /// Whether an argument of `-z` asks for this.
    static func isMeant(_ argument: String) -> Bool { argument == "follow" || argument.hasPrefix("follow,") }

    /// What `-z help` lists.
    static let names = FollowProtocol.allCases.map { "follow,\($0.rawValue)" }

    /// - Parameters:
    ///   - argument: `follow`, protocol, format, conversation, and if it has one a range of chunks, with commas between.
    ///   - isAlone: whether nothing else is printed, so that each part can be written as soon as it is known.
    init(_ argument: String, _ registry: Registry, isAlone: Bool) throws(CommandError) {
        var parts = argument.split(separator: ",", omittingEmptySubsequences: false)[...].dropFirst()
        guard let proto = parts.popFirst().flatMap({ FollowProtocol(rawValue: String($0)) }) else {
            throw .usage("\"-z \(argument)\" names nothing that can be followed: it is one of \(Self.names.joined(separator: "; ")).")
        }
        guard let format = parts.popFirst().flatMap({ FollowFormat(rawValue: String($0)) }) else {
            throw .usage("\"-z \(argument)\" names no format: it is one of \(FollowFormat.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        let isNumber = parts.first.map { !$0.isEmpty && $0.allSatisfy(\.isNumber) } ?? false
        let which = parts.prefix(isNumber ? 1 : 2).joined(separator: ",")
        parts = parts.dropFirst(isNumber ? 1 : 2)
        guard let selector = FollowTarget.Selector(which[...]) else {
            throw .usage("\"-z \(argument)\" names no conversation: it is a number, or two ends as in 10.0.0.1:5000,10.0.0.2:80.")
        }
        var chunks = 1...Int.max
        if let range = parts.popFirst() {
            guard parts.isEmpty, let named = ClosedRange<Int>(chunks: range) else {
                throw .usage("\"-z \(argument)\" ends with no range: it is a number from 1 on, or two of them, as in 3-5.")
            }
            chunks = named
        }
        let spool = isAlone ? nil : Spool()
        self.spool = spool
        writer = FollowWriter(Follower(FollowTarget(proto, selector), registry, chunks: chunks), format, to: spool)
        wants = PlanWants(fields: writer.wantedFields)
        requirement = writer.requirement
    }

    func take(_ context: borrowing Context) {
        guard failure == nil else { return }
        do throws(CommandError) { try writer.take(context) } catch { failure = error }
    }

    func report() -> any StatisticReport {
        if failure == nil {
            do throws(CommandError) { try writer.finish() } catch { failure = error }
        }
        return FollowReport(spool: spool)
    }

    /// Text waits in a file, and bytes behind a gap have a limit of their own.
    func limit(byteCount: Int) {}
    var forgottenCount: Int { 0 }

    /// Says what kept the contents from being written, if anything did.
    func check() throws(CommandError) {
        if let failure = failure ?? spool?.failure { throw failure }
    }
}

/// A followed conversation as it was written.
private struct FollowReport: StatisticReport {
    let spool: Spool?

    func write(_ out: inout TextBuffer) { spool?.write(&out) }
    /// There is no JSON of it: `StatisticOptions` says so.
    var members: [(name: String, value: JSONValue)] { [] }
}
