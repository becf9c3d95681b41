import Analysis
import ArgumentParser
import CaptureFile
import Dissection
import DisplayFilter
import Presentation
import Wire

/// `wirelark follow`: what the two ends of one conversation said to each other.
struct FollowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "follow", abstract: "Show what the two ends of one conversation said.",
        usage: "wirelark follow [options] FILE --tcp 0",
        discussion: "A conversation is named by its number, or by its two ends: 10.0.0.1:5000,10.0.0.2:80 or [fe80::1]:5000,[fe80::2]:80.")

    @Argument(help: ArgumentHelp("The capture file; - is standard input.", valueName: "file")) var file: String
    @Option(help: ArgumentHelp("Follow a TCP conversation.", valueName: "which")) var tcp: String?
    @Option(help: ArgumentHelp("Follow a conversation over UDP.", valueName: "which")) var udp: String?
    @Option(help: ArgumentHelp("Follow the HTTP messages of a TCP conversation, their bodies decoded.", valueName: "which")) var http: String?
    @Option(help: ArgumentHelp("Follow what TLS protects in a TCP conversation.", valueName: "which")) var tls: String?
    @Option(name: .customLong("as"), help: ArgumentHelp("How to write it: ascii, utf-8, ebcdic, hex, raw or yaml.", valueName: "format"))
    var format = "ascii"
    @Option(help: ArgumentHelp("Only what one side said: 0 for the side that was seen first, 1 for the other.", valueName: "side")) var side: String?
    @Option(help: ArgumentHelp("Only some parts, by their numbers from 1: 3, or 3-5.", valueName: "numbers")) var range: String?
    @Option(name: [.customShort("Y"), .customLong("display-filter")], parsing: .unconditional, help: ArgumentHelp("Only what was said in packets that a display filter finds.", valueName: "filter"), completion: .displayFilter)
    var displayFilter: String?
    @OptionGroup(title: "Processing") var dissection: DissectionOptions

    func run() throws {
        let target = try target()
        guard let format = FollowFormat(rawValue: format) else {
            throw CommandError.usage("\"--as \(format)\" isn't valid; it is one of \(FollowFormat.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        guard side == nil || side == "0" || side == "1" else { throw CommandError.usage("The side \"\(side ?? "")\" is neither 0 nor 1.") }
        guard let chunks = range.map({ ClosedRange<Int>(chunks: $0[...]) }) ?? 1...Int.max else {
            throw CommandError.usage("The range \"\(range ?? "")\" is neither a number from 1 on nor two of them, as in 3-5.")
        }
        let registry = try ReadSettings.registry(dissection)
        let follower = Follower(target, registry, side: side.flatMap { Int($0) }, chunks: chunks)
        let filter = try ReadSettings.filter(displayFilter ?? "", registry, FilterSurroundings(NameResolution()))
        try run(FollowWriter(follower, format), filter, registry)
    }

    /// Writes what is known of the conversation as soon as it is known.
    private func run(_ writer: consuming FollowWriter, _ filter: DisplayFilter, _ registry: Registry) throws(CommandError) {
        Interruption.watch()
        var damage: CaptureFileError?
        do {
            let reader = try CaptureReader(path: file, isStopped: { Interruption.isRequested })
            let progress = Progress(byteCount: reader.storedByteCount, printsMeanwhile: true)
            defer { progress.wipe() }
            let plan = Plan(registry, PlanWants(fields: writer.wantedFields).union(filter.wants))
            var session = Session(registry, reader: reader, plan: plan, resolution: NameResolution())
            try session.screen(by: DisplayFilter(writer.requirement, registry: registry))
            do {
                while !Interruption.isRequested, try session.next() {
                    progress.update(session.reader.storedOffset)
                    let isShown = filter.matches(session.context.dissected)
                    if isShown { session.noteDisplayed() }
                    try writer.take(session.context, isShown: isShown)
                }
            } catch let error as CaptureFileError {
                damage = error
            }
        } catch let error as CaptureFileError where error.kind == .empty || Interruption.isRequested {
            // A capture without packets, not a failure.
        } catch {
            throw CommandError(error)
        }
        try writer.finish()
        if let damage, !Interruption.isRequested { throw CommandError(damage) }
    }

    private func target() throws(CommandError) -> FollowTarget {
        let named = [(FollowProtocol.tcp, tcp), (.udp, udp), (.http, http), (.tls, tls)].compactMap { proto, which in which.map { (proto, $0) } }
        guard let (proto, which) = named.first, named.count == 1 else {
            throw .usage("Which conversation? Name one: --tcp, --udp, --http or --tls with its number.")
        }
        guard let selector = FollowTarget.Selector(which[...]) else {
            throw .usage("\"\(which)\" is no conversation: name its number, or its two ends as in 10.0.0.1:5000,10.0.0.2:80.")
        }
        return FollowTarget(proto, selector)
    }
}
