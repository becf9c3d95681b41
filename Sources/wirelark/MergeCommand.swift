import ArgumentParser
import CaptureFile
import CaptureTools

/// `wirelark merge`: several captures as one, as mergecap makes it.
struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Merge captures into one, by time.", usage: "wirelark merge [options] -w OUT FILE ...",
        discussion: """
            -w OUT the file that is written (- is standard output), -a one capture behind the other rather than by time, \
            -F pcapng|pcap|nsecpcap, -s LENGTH at most so many bytes of each packet, \
            -I all|any|none which interfaces become one, \
            -Y FILTER only the packets that a display filter finds in each capture, -V say how many packets were written.
            """)

    @Argument(parsing: .captureForPassthrough, help: ArgumentHelp("Options and capture files.", valueName: "file")) var arguments: [String] = []

    func run() throws {
        if arguments.contains("-h") || arguments.contains("--help") { throw CleanExit.helpRequest(self) }
        if PeerVersion.isAsked(arguments) { return PeerVersion.print("Mergecap") }
        var (files, output, appends, isVerbose) = ([String](), String?.none, false, false)
        var (type, merging, snapLength) = (CaptureFileType.pcapng, InterfaceMerging.all, Int?.none)
        var displayFilter: String?
        var walk = OptionWalk(arguments, lettersWithValue: "FIswY")
        while let step = try walk.next() {
            switch step {
            case .letter("a"): appends = true
            case .letter("V"): isVerbose = true
            case .letterValue("w", let path): output = path
            case .letterValue("Y", let text): displayFilter = text
            case .letterValue("F", let name): type = try CaptureFileType(option: name)
            case .letterValue("s", let text): snapLength = try NumberOption.count(text, "snap length")
            case .letterValue("I", let name):
                guard let mode = InterfaceMerging(rawValue: name) else { throw CommandError.usage("\"-I \(name)\" isn't valid; it is one of all, any, none.") }
                merging = mode
            case .operand(let file): files.append(file)
            default: throw step.unknown
            }
        }
        guard let output else { throw CommandError.usage("Where to? Name the file that is written with -w.") }
        guard !files.isEmpty else { throw CommandError.usage("Which captures? Name those that are merged.") }
        let finders = try displayFilter.map { (text) throws(CommandError) in
            try files.map { (file) throws(CommandError) in try FrameFinder(text, in: file) }
        }
        Interruption.watch()
        do {
            // An empty limit is none, as with mergecap.
            // An interruption ends the search too.
            var merge = try CaptureMerge(files, to: output, type, merging, appends: appends, snapLength: snapLength == 0 ? nil : snapLength) {
                Interruption.isRequested || finders?[$0].findsNext() ?? true
            }
            let damages = try merge.run { Interruption.isRequested }
            if isVerbose { Complaint.print("\(merge.frameCount) packets were written.") }
            for damage in damages { Complaint.print(damage.description) }
            if let damage = damages.first { throw CommandError(message: "", exitCode: damage.exitCode) }
        } catch {
            throw CommandError(error)
        }
    }
}
