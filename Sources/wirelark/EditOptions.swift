import CaptureFile
import CaptureTools
import Wire

/// editcap's options, checked.
struct EditOptions {
    static let help = """
        Packets: numbers behind the files are left out, with -r they alone are kept; -Y FILTER those that a display filter finds; -A TIME from and -B TIME before a moment \
        (2019-04-22T15:23:18.5Z or seconds since 1970). \
        Duplicates: -d, -D COUNT among so many packets, -w SECONDS within a time, -I BYTES not compared, --skip-radiotap-header, --novlan without VLAN tags. \
        Bytes: -s LENGTH at most, -C [OFFSET:]LENGTH taken out (from the end where negative), -L lengths on the wire too, \
        -E PROBABILITY random changes, -o OFFSET behind this, --seed NUMBER. \
        Times: -t SECONDS moved, -S SECONDS made to increase. \
        Comments: -a NUMBER:TEXT, --capture-comment TEXT, --discard-capture-comment, --discard-packet-comments. \
        Secrets: --inject-secrets TYPE,FILE (tls, ssh or wg), --discard-all-secrets. \
        Output: -c COUNT packets or -i SECONDS a file, -F pcapng|pcap|nsecpcap, -T encapsulation (-T help lists them), -V says more.
        """

    private(set) var settings = EditSettings()
    private(set) var isVerbose = false
    private(set) var displayFilter: String?
    private var operands: [String] = []
    private var errorProbability: Double?
    private var errorOffset = 0
    private var seed: UInt64?
    private var ignoredByteCount = 0
    private var ignoresRadiotapHeader = false
    var input: String { operands[0] }
    var output: String { operands[1] }

    init(_ arguments: [String]) throws(CommandError) {
        var walk = OptionWalk(
            arguments, lettersWithValue: "ABDwsCtSEoIacFTiY", namesWithValue: ["seed", "inject-secrets", "capture-comment"])
        while let step = try walk.next() {
            switch step {
            case .operand(let text): operands.append(text)
            case .letter(let letter): guard take(letter) else { throw step.unknown }
            case .name(let name): guard take(name: name) else { throw step.unknown }
            case .letterValue(let letter, let value): try take(letter, value)
            case .nameValue(let name, let value): try take(name: name, value)
            }
        }
        guard operands.count >= 2 else { throw .usage("Name the capture that is read and the one that is written: \"wirelark edit in.pcap out.pcap\".") }
        for text in operands.dropFirst(2) { settings.selection.append(try NumberOption.range(text)) }
        if let errorProbability {
            var errors = ErrorInjection(probability: errorProbability, seed: seed ?? .random(in: 0 ... .max))
            errors.offset = errorOffset
            settings.errors = errors
        }
        settings.duplicates?.ignoredByteCount = ignoredByteCount
        settings.duplicates?.ignoresRadiotapHeader = ignoresRadiotapHeader
    }

    private mutating func take(_ letter: Character) -> Bool {
        switch letter {
        case "r": settings.keepsSelection = true
        case "d": settings.duplicates = DuplicateRule(window: .frames(5))
        case "L": settings.adjustsLength = true
        case "V": isVerbose = true
        default: return false
        }
        return true
    }

    private mutating func take(name: String) -> Bool {
        switch name {
        case "skip-radiotap-header": ignoresRadiotapHeader = true
        case "novlan": settings.removesVLANTags = true
        case "discard-all-secrets": settings.discardsSecrets = true
        case "discard-capture-comment": settings.discardsCaptureComments = true
        case "discard-packet-comments": settings.discardsPacketComments = true
        default: return false
        }
        return true
    }

    private mutating func take(_ letter: Character, _ value: String) throws(CommandError) {
        switch letter {
        case "Y": displayFilter = value
        case "A": settings.startTime = try TimeOption.moment(value)
        case "B": settings.stopTime = try TimeOption.moment(value)
        case "D":
            let count = try NumberOption.count(value, "duplicate window")
            guard count <= 1_000_000 else { throw .usage("The duplicate window \"\(value)\" is more than 1000000 packets.") }
            settings.duplicates = DuplicateRule(window: .frames(count))
        case "w": settings.duplicates = DuplicateRule(window: .span(try Self.positiveSpan(value, "duplicate time window")))
        case "I": ignoredByteCount = try NumberOption.count(value, "number of bytes to ignore")
        case "s":
            let length = try NumberOption.count(value, "snap length")
            settings.snapLength = length == 0 ? nil : length
        case "C": try addChop(value)
        case "t":
            let (span, isNegative) = try NumberOption.span(value, "time adjustment")
            settings.shift = EditSettings.TimeShift(span: span, isBackward: isNegative)
        case "S":
            let (span, isNegative) = try NumberOption.span(value, "strict time adjustment")
            settings.order = EditSettings.StrictOrder(span: span, isForced: isNegative)
        case "E":
            guard let probability = Double(value), (0...1).contains(probability) else { throw .usage("The probability \"\(value)\" isn't between 0 and 1.") }
            errorProbability = probability
        case "o": errorOffset = try NumberOption.count(value, "change offset")
        case "a": try addComment(value)
        case "c":
            let count = try NumberOption.count(value, "number of packets a file")
            guard count > 0 else { throw .usage("A file cannot have 0 packets.") }
            settings.split = .packets(count)
        case "i":
            let span = try Self.positiveSpan(value, "time a file")
            guard span > .zero else { throw .usage("A file cannot last 0 seconds.") }
            settings.split = .span(span)
        case "F": settings.type = try CaptureFileType(option: value)
        default: settings.linkType = try Self.linkType(value)
        }
    }

    private mutating func take(name: String, _ value: String) throws(CommandError) {
        switch name {
        case "seed":
            guard let number = UInt64(value) else { throw .usage("The seed \"\(value)\" isn't a number from 0 on.") }
            seed = number
        case "inject-secrets": settings.injectedSecrets.append(try SecretsOption.secrets(value))
        default: settings.captureComments.append(value)
        }
    }

    private static func positiveSpan(_ text: String, _ what: String) throws(CommandError) -> Timestamp {
        let (span, isNegative) = try NumberOption.span(text, what)
        guard !isNegative else { throw .usage("The \(what) \"\(text)\" is negative.") }
        return span
    }

    private mutating func addChop(_ text: String) throws(CommandError) {
        let numbers = text.split(separator: ":", omittingEmptySubsequences: false).map { Int32($0).map(Int.init) }
        guard (1...2).contains(numbers.count), let length = numbers[numbers.count - 1], let offset = numbers.count == 1 ? 0 : numbers[0] else {
            throw .usage("\"-C \(text)\" doesn't follow the template \"-C [offset:]length\".")
        }
        settings.chop.add(length: length, offset: offset)
    }

    private mutating func addComment(_ text: String) throws(CommandError) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let number = UInt64(parts[0]), number > 0 else { throw .usage("\"-a \(text)\" doesn't follow the template \"-a number:comment\".") }
        settings.comments[number] = String(parts[1])
    }

    private static func linkType(_ name: String) throws(CommandError) -> LinkType {
        if let linkType = Encapsulation.linkType(named: name) { return linkType }
        let names = Encapsulation.all.map { "    \($0.name) - \($0.title)" }.joined(separator: "\n")
        throw .usage("\"-T \(name)\" isn't valid; it is one of\n\(names)")
    }
}
