import CaptureFile
import Dissection
import DisplayFilter
import Wire

/// Tells from a frame's bytes and record whether it is wanted: a capture filter.
public typealias FrameSelection = @Sendable (ByteView, FrameRecord) -> Bool

/// One run over a capture: reads its frames in order and dissects each.
public struct Session: ~Copyable {
    public let registry: Registry
    public var reader: CaptureReader
    public var context: Context
    private let root: DissectorID
    private let shortcut: LayerShortcut?
    private let pass: Pass
    var record = FrameRecord()
    var clock = FrameClock()
    /// Takes note of every record that is read.
    var index: FrameIndex?
    /// What a first pass found of interfaces that `reader` has not come to.
    var knownInterfaces: [CaptureInterface] = []
    /// Which frames are dissected at all, by their bytes; nil for every one. The others count for nothing but their number.
    public var selection: FrameSelection?
    /// Refuses frames that a display filter will not show, before they are dissected; they count all the same.
    public private(set) var screen: HeaderScreen?
    /// nil where nobody asks for the headers of a frame before it is dissected.
    private var headerReader: FrameHeaderReader?
    /// Which frames are dissected here, where other sessions read the same file for the others; the first that fits in no lane ends the run.
    public var lane: (lanes: FrameLanes, number: Int)?
    /// The ends of the only conversation that is asked for, once it began: no other one's number counts any more.
    private var onlyEnds: (pair: UInt32, portPair: UInt32)?
    /// After which frames nothing can pass any more, if somebody looked.
    private var outlook: Outlook?
    /// The frame that fits in no lane, if one was met.
    public private(set) var unfitFrame: UInt32?
    /// Asked now and then while frames are passed over: whether to end here.
    public var isStopped: @Sendable () -> Bool = { false }
    /// The frames that a first pass admitted, and how many were read since.
    var admission: FrameAdmission?
    private var readCount = 0
    /// How many frames were admitted so far, where a read filter numbers them anew.
    var admittedCount: UInt32?
    /// Frames dissected so far, in order, and those that `screen` refused or that are in another lane.
    public private(set) var frameCount: UInt32 = 0
    /// Digits of the times of each interface seen so far.
    private var interfaceTimeDigits: [Int] = []
    /// Bytes of the frames displayed so far.
    private var displayedByteCount: UInt64 = 0
    /// The frame at hand, where it was not read in order.
    var copied = FrameBytes()

    /// - Parameter plan: what is wanted of each frame.
    public init(_ registry: Registry, reader: consuming CaptureReader, plan: Plan, resolution: NameResolution, pass: Pass = .only, facts: FactStore? = nil) {
        self.registry = registry
        self.reader = reader
        self.pass = pass
        context = Context(registry, plan: plan, pass: pass, facts: facts)
        context.resolution = resolution
        root = registry.dissector(named: "frame") ?? DissectorID(rawValue: 0)
        shortcut = LayerShortcut(registry, plan)
        headerReader = shortcut == nil ? nil : FrameHeaderReader(registry)
    }

    /// Leaves out what a frame that does not pass a filter is dissected for, as far as nothing shows.
    public mutating func screen(by filter: DisplayFilter) {
        screen = HeaderScreen(filter, plan: context.plan, registry)
        if screen != nil, headerReader == nil { headerReader = FrameHeaderReader(registry) }
        let stream = registry.field(named: "tcp.stream").flatMap { filter.requiredValue(of: $0.id) }.flatMap(UInt32.init(exactly:))
        // Packets within a stream would be of others.
        guard let stream, !registry.handsOn(from: "tcp", to: registry.protocols(leadingTo: ["ip", "ipv6"])) else { return }
        context.onlyStream = stream
    }

    /// Reads the next frame and dissects it into `context`; false at the end of the file.
    public mutating func next() throws(CaptureFileError) -> Bool {
        if let outlook, frameCount >= outlook.end { return false }
        while let bytes = try reader.next(&record) {
            index?.note(record)
            readCount += 1
            if let admission {
                guard readCount <= admission.readCount else { return false }
                clock.begin(record.timestamp)
                guard admission.admits(readCount - 1) else { continue }
            }
            if let selection, !selection(bytes, record) {
                // Left out, it counts for its number all the same, unless the numbers are those of what passes a read filter.
                index?.admission.note(passes: admittedCount == nil)
                continue
            }
            frameCount += 1
            let headers = headerReader?.headers(of: bytes, record)
            var isPassedOver = false
            if let lane {
                guard let pair = headers?.pair ?? lane.lanes.pair(of: bytes, record) else {
                    unfitFrame = frameCount
                    return false
                }
                isPassedOver = lane.lanes.lane(of: pair) != lane.number || outlook?.isOver(headers, pair, frameCount) ?? false
            }
            if let onlyEnds, let headers, onlyEnds != (headers.pair, headers.portPair) { isPassedOver = true }
            if isPassedOver || screen?.refuses(headers, bytes, record) ?? false {
                clock.note(record.timestamp)
                if frameCount & 0xfff == 0, isStopped() { return false }
                continue
            }
            if pass == .second, let count = admittedCount { admittedCount = count + 1 }
            dissect(bytes, headers, number: admittedCount.map { pass == .first ? $0 + 1 : $0 } ?? record.number)
            if let only = context.onlyStream, onlyEnds == nil, let headers, headers.transport == .tcp, context.packet.stream?.conversation == only {
                onlyEnds = (headers.pair, headers.portPair)
            }
            return true
        }
        return false
    }

    /// Whether headers tell which frames of a lane can pass.
    public var looksAhead: Bool { lane != nil && screen?.looksAhead ?? false }

    /// Reads a lane to its end beforehand, where `looksAhead`: what comes after the last one between two
    /// addresses is of no use. What is wrong with the file is left to the run itself.
    /// - Parameter reader: the same capture, from its beginning.
    public mutating func lookAhead(_ reader: consuming CaptureReader) {
        guard let lane, let screen else { return }
        var outlook = Outlook()
        var record = FrameRecord()
        var count: UInt32 = 0
        do {
            while let bytes = try reader.next(&record) {
                if let selection, !selection(bytes, record) { continue }
                count += 1
                if count & 0xfff == 0, isStopped() { return }
                let headers = headerReader?.headers(of: bytes, record)
                guard let pair = headers?.pair ?? lane.lanes.pair(of: bytes, record) else { return }
                if lane.lanes.lane(of: pair) == lane.number, !screen.cannotPass(headers, bytes, record) { outlook.note(headers, pair, count) }
            }
        } catch {
            outlook.keepOn()
        }
        self.outlook = outlook
    }

    /// - Parameter headers: if they were read, and the frame is an ordinary one.
    mutating func dissect(_ bytes: ByteView, _ headers: FrameHeaders? = nil, number: UInt32) {
        fillFrame()
        context.frame.number = number
        context.begin(bytes)
        let frame = Reader(bytes: bytes, source: 0, start: 0, reportedEnd: max(bytes.count, record.originalByteCount))
        if let shortcut, let headers, shortcut.mayDissect(frame, context) {
            shortcut.dissect(headers, frame, &context)
        } else {
            context.run(root, frame)
        }
        guard context.columns.isWanted else { return }
        context.columns.sourcePort = context.packet.sourcePort
        context.columns.destinationPort = context.packet.destinationPort
    }

    /// Writes the frame at hand as it was captured.
    public mutating func write(to writer: inout CaptureWriter) throws(CaptureFileError) {
        try writer.write(context.sources[0].bytes, record, reader.metadata)
    }

    /// Says that the frame at hand was shown: later ones count their time from it.
    public mutating func noteDisplayed() {
        clock.noteDisplayed(context.frame.timestamp)
        displayedByteCount += UInt64(record.originalByteCount)
    }

    private mutating func fillFrame() {
        context.frame.timestamp = record.timestamp
        context.frame.hasTimestamp = record.hasTimestamp
        context.frame.capturedByteCount = record.capturedByteCount
        context.frame.originalByteCount = record.originalByteCount
        context.frame.linkType = record.linkType
        context.frame.cumulativeByteCount = displayedByteCount + UInt64(record.originalByteCount)
        context.frame.timeDigits = timeDigits(record.interfaceIndex)
        clock.fill(&context.frame)
        if case .pcapng = reader.format.container { fillPcapng() }
    }

    /// Digits behind the point in which the times of an interface are kept.
    private mutating func timeDigits(_ interfaceIndex: Int) -> Int {
        while interfaceTimeDigits.count <= interfaceIndex, let next = interface(interfaceTimeDigits.count) {
            let ticks = min(next.ticksPerSecond, 1_000_000_000)
            interfaceTimeDigits.append((0..<9).first { ticks <= Self.powersOfTen[$0] } ?? 9)
        }
        return interfaceIndex < interfaceTimeDigits.count ? interfaceTimeDigits[interfaceIndex] : 6
    }

    private static let powersOfTen: [UInt64] = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000]

    private mutating func fillPcapng() {
        context.frame.sectionNumber = record.sectionNumber
        context.frame.interfaceID = record.hasInterfaceID ? record.interfaceID : nil
        let interface = record.hasInterfaceID ? interface(record.interfaceIndex) : nil
        context.frame.interfaceName = interface.map { $0.name ?? $0.description ?? "unknown" }
        context.frame.interfaceDescription = interface?.description
        context.frame.comments = record.comments
        context.frame.packetFlags = record.packetFlags
        context.frame.dropCount = record.dropCount
        context.frame.packetID = record.packetID
        context.frame.queue = record.queue
        context.frame.verdicts = record.verdicts
        context.frame.customEnterprise = record.enterpriseNumber
        context.frame.mayCopyCustom = record.mayBeCopied
    }

    private func interface(_ index: Int) -> CaptureInterface? {
        if index < reader.interfaces.count { return reader.interfaces[index] }
        return index < knownInterfaces.count ? knownInterfaces[index] : nil
    }
}

/// The times between frames.
struct FrameClock {
    private var first: Timestamp?
    private var previous: Timestamp?
    private var displayed: Timestamp?

    mutating func fill(_ frame: inout FrameInfo) {
        let time = frame.timestamp
        begin(time)
        frame.timeRelative = first.map { time - $0 }
        frame.timeDelta = previous.map { time - $0 } ?? .zero
        frame.timeDeltaDisplayed = displayed.map { time - $0 } ?? .zero
        previous = time
    }

    mutating func noteDisplayed(_ time: Timestamp) { displayed = time }

    /// Takes note of the capture's first frame, whether it is dissected or not.
    mutating func begin(_ time: Timestamp) {
        if first == nil { first = time }
    }

    /// Takes note of a frame that is not dissected.
    mutating func note(_ time: Timestamp) {
        begin(time)
        previous = time
    }
}

/// A frame's bytes in memory of their own.
///
/// ## Safety
/// The buffer is owned here alone, and a view of it is good until the next `replace` or the end of the session.
struct FrameBytes: ~Copyable {
    private var buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65536, alignment: 16)

    mutating func replace(_ bytes: ByteView) -> ByteView {
        if bytes.count > buffer.count {
            buffer.deallocate()
            buffer = .allocate(byteCount: bytes.count, alignment: 16)
        }
        bytes.withUnsafeBytes { buffer.copyMemory(from: $0) }
        return ByteView(UnsafeRawBufferPointer(rebasing: buffer[..<bytes.count]))
    }

    deinit { buffer.deallocate() }
}
