import ArgumentParser
import CaptureFile
import CaptureTools
import Wire

/// `wirelark info`: what capture files are, as capinfos says it.
struct InfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Say what capture files are: types, sizes, times, interfaces, hashes.",
        usage: "wirelark info [options] FILE ...", discussion: InfoOptions.help)

    @Argument(parsing: .captureForPassthrough, help: ArgumentHelp("Options and capture files.", valueName: "file")) var arguments: [String] = []

    func run() throws {
        if arguments.contains("-h") || arguments.contains("--help") { throw CleanExit.helpRequest(self) }
        if PeerVersion.isAsked(arguments) { return PeerVersion.print("Capinfos") }
        let options = try InfoOptions(arguments)
        guard !options.files.isEmpty else { throw CommandError.usage("Which capture? Name one or more files: \"wirelark info capture.pcap\".") }
        Interruption.watch()
        try InfoReport(options).run()
    }
}

/// capinfos' options: each letter changes what those before it asked for.
struct InfoOptions {
    static let help = """
        Kind: -t type, -E encapsulation, -I interfaces, -F origin and precision, -H hashes, -k comments (-K none). \
        Sizes: -c packets, -s file, -d data, -l packet size limit. \
        Times: -u duration, -a first, -e last, -o order, -S as seconds. \
        Statistics: -y bytes and -i bits per second, -z packet size, -x packets per second. \
        Counts: -n resolved names, -D decryption secrets. -A all. \
        Form: -L long, -T table, --format json, -M machine-readable; \
        tables: -R with and -r without header, -B tabs, -m commas, -b blanks, -N no quotes, -q single, -Q double. \
        -C stops at a file that cannot be opened.
        """

    enum Form { case long, table, json }

    private(set) var files: [String] = []
    private(set) var form = Form.long
    private(set) var isMachineReadable = false
    private(set) var showsSeconds = false
    private(set) var hasHeader = true
    private(set) var separator = "\t"
    private(set) var quote = ""
    private(set) var stopsAtFailure = false
    private var chosen: SummaryFacts = []
    private var excluded: SummaryFacts = []

    /// What was chosen, or everything.
    var facts: SummaryFacts { (chosen.isEmpty ? .all : chosen).subtracting(excluded) }

    init(_ arguments: [String]) throws(CommandError) {
        var walk = OptionWalk(arguments, namesWithValue: ["format"])
        while let step = try walk.next() {
            switch step {
            case .letter(let letter): try take(letter)
            case .nameValue("format", let name): form = try Self.form(name)
            case .operand(let file): files.append(file)
            default: throw step.unknown
            }
        }
    }

    private static func form(_ name: String) throws(CommandError) -> Form {
        switch name {
        case "text": .long
        case "table": .table
        case "json": .json
        default: throw .usage("\"--format \(name)\" isn't valid; it is one of text, table, json.")
        }
    }

    private mutating func take(_ letter: Character) throws(CommandError) {
        switch letter {
        case "L": form = .long
        case "T": form = .table
        case "M": isMachineReadable = true
        case "S": showsSeconds = true
        case "R": hasHeader = true
        case "r": hasHeader = false
        case "B": separator = "\t"
        case "m": separator = ","
        case "b": separator = " "
        case "N": quote = ""
        case "q": quote = "'"
        case "Q": quote = "\""
        case "C": stopsAtFailure = true
        case "A": chosen = .all
        case "K": excluded.insert(.comments)
        default:
            guard let fact = SummaryFacts(letter: letter) else { throw .usage("There is no option \"-\(letter)\".") }
            chosen.insert(fact)
        }
    }
}
