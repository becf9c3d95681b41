import CaptureFile
import Wire

/// Several captures as one: by time, or one behind the other. What they say of themselves is kept, in one section.
public struct CaptureMerge: ~Copyable {
    private let inputs: [MergeInput]
    private let appends: Bool
    private let snapLength: Int?
    private var interfaces: MergedInterfaces
    private var metadata = CaptureMetadata()
    private var writer: CaptureWriter
    public private(set) var frameCount: UInt64 = 0

    /// Opens all inputs, and only then the output.
    /// - Parameter isShown: asked for each frame of each input, by the input's index, whether it may be kept; an input's frames in order.
    public init(
        _ paths: [String], to output: String, _ type: CaptureFileType, _ merging: InterfaceMerging, appends: Bool, snapLength: Int?,
        isShown: @escaping (Int) -> Bool = { _ in true }
    ) throws(CaptureFileError) {
        var inputs: [MergeInput] = []
        // The interfaces of a pcapng file are known with its first frame.
        for (index, path) in paths.enumerated() {
            let input = try MergeInput(path) { isShown(index) }
            input.advance()
            inputs.append(input)
        }
        let linkTypes = Set(inputs.flatMap { $0.metadata.interfaces.map(\.linkType) })
        guard type == .pcapng || linkTypes.count < 2 else {
            throw CaptureFileError(.unsupported, name: output, detail: "cannot hold packets of several link types: pcapng can")
        }
        let file = try OutputFile(path: output, besides: paths)
        self.inputs = inputs
        self.appends = appends
        self.snapLength = snapLength
        writer = CaptureWriter(type, name: output) { (bytes) throws(CaptureFileError) in try file.write(bytes) }
        interfaces = MergedInterfaces(merging, inputs.map { $0.metadata.interfaces })
        metadata.sections = [Self.section(of: inputs.compactMap { $0.metadata.sections.first })]
        for input in inputs { learn(from: input) }
    }

    /// All comments, and what the sections agree on.
    private static func section(of sections: [CaptureSection]) -> CaptureSection {
        var merged = CaptureSection()
        merged.comments = sections.flatMap(\.comments)
        func common(_ part: (CaptureSection) -> String?) -> String? {
            let values = Set(sections.map(part))
            return values.count == 1 ? values.first ?? nil : nil
        }
        merged.hardware = common(\.hardware)
        merged.operatingSystem = common(\.operatingSystem)
        merged.application = common(\.application)
        return merged
    }

    /// Writes all frames; of a damaged input those before the damage, which is returned.
    public mutating func run(isStopped: () -> Bool = { false }) throws(CaptureFileError) -> [CaptureFileError] {
        while !isStopped(), let input = nextInput() {
            learn(from: input)
            try write(input)
            input.advance()
        }
        for input in inputs { learn(from: input) }
        try writer.end(metadata)
        return inputs.compactMap(\.damage)
    }

    /// Whose frame comes next: one without a time at once, otherwise the earliest, and of equal ones that of the last input, as with
    /// mergecap.
    private func nextInput() -> MergeInput? {
        let waiting = inputs.filter { $0.bytes != nil }
        if appends { return waiting.first }
        return waiting.first { !$0.record.hasTimestamp } ?? waiting.reversed().min { $0.record.timestamp < $1.record.timestamp }
    }

    private mutating func learn(from input: MergeInput) {
        let known = input.metadata
        while input.interfaceIndices.count < known.interfaces.count {
            let index = input.interfaceIndices.count
            input.interfaceIndices.append(interfaces.index(of: known.interfaces[index], at: index, &metadata.interfaces))
        }
        metadata.resolvedNames += known.resolvedNames.dropFirst(input.nameCount)
        metadata.secrets += known.secrets.dropFirst(input.secretCount)
        for var statistics in known.statistics.dropFirst(input.statisticCount) {
            statistics.interfaceIndex = statistics.interfaceIndex.map { input.interfaceIndices[$0] }
            metadata.statistics.append(statistics)
        }
        (input.nameCount, input.secretCount, input.statisticCount) = (known.resolvedNames.count, known.secrets.count, known.statistics.count)
    }

    private mutating func write(_ input: MergeInput) throws(CaptureFileError) {
        guard let bytes = input.bytes else { return }
        frameCount += 1
        if input.record.kind == .packet {
            let index = input.interfaceIndices[input.record.interfaceIndex]
            input.record.interfaceIndex = index
            input.record.interfaceID = UInt32(index)
        }
        let count = min(bytes.count, snapLength ?? bytes.count)
        try writer.write(input.record.kind == .packet ? bytes[0..<count] : bytes, input.record, metadata)
    }
}

/// A capture that is merged with others, and its frame that waits.
private final class MergeInput {
    private var reader: CaptureReader
    private let isShown: () -> Bool
    var record = FrameRecord()
    /// Valid until `advance`; nil at the end.
    private(set) var bytes: ByteView?
    private(set) var damage: CaptureFileError?
    /// Which of the merged interfaces each of this capture's is.
    var interfaceIndices: [Int] = []
    /// How much of the rest was taken over.
    var nameCount = 0
    var secretCount = 0
    var statisticCount = 0

    init(_ path: String, isShown: @escaping () -> Bool) throws(CaptureFileError) {
        reader = try CaptureReader(path: path)
        self.isShown = isShown
    }

    var metadata: CaptureMetadata { reader.metadata }

    func advance() {
        bytes = nil
        do throws(CaptureFileError) {
            repeat { bytes = try reader.next(&record) } while bytes != nil && !isShown()
        } catch {
            damage = error
        }
    }
}
