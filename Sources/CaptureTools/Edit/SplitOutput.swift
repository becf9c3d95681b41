import CaptureFile
import Wire

/// One file or, where the output is split, one after the other.
struct SplitOutput: ~Copyable {
    private let path: String
    private let settings: EditSettings
    private let input: String
    private let secondsEast: (Int64) -> Int64
    private var writer: CaptureWriter?
    private var fileCount = 0
    private var framesInFile = 0
    /// When the file at hand ends, where the output is split by time.
    private var end: Timestamp?

    init(path: String, _ settings: EditSettings, besides input: String, secondsEast: @escaping (Int64) -> Int64) {
        self.path = path
        self.settings = settings
        self.input = input
        self.secondsEast = secondsEast
    }

    mutating func write(_ bytes: [UInt8], _ record: FrameRecord, _ metadata: borrowing CaptureMetadata) throws(CaptureFileError) {
        try prepare(record, metadata)
        try writer?.write(bytes, record, metadata)
        framesInFile += 1
    }

    mutating func write(_ bytes: ByteView, _ record: FrameRecord, _ metadata: borrowing CaptureMetadata) throws(CaptureFileError) {
        try prepare(record, metadata)
        try writer?.write(bytes, record, metadata)
        framesInFile += 1
    }

    /// Goes on to the next file where the frame belongs there.
    private mutating func prepare(_ record: FrameRecord, _ metadata: borrowing CaptureMetadata) throws(CaptureFileError) {
        switch settings.split {
        case .packets(let limit) where framesInFile >= limit: try finish(metadata)
        case .span(let span):
            // A span without packets leaves a file without packets, as with editcap.
            while let known = end, record.timestamp > known {
                try finish(metadata)
                try begin(at: record.timestamp)
                end = known + span
            }
            if end == nil { end = record.timestamp + span }
        default: break
        }
        if writer == nil { try begin(at: record.timestamp) }
    }

    /// Writes what is left, or a file without frames.
    mutating func close(_ metadata: borrowing CaptureMetadata) throws(CaptureFileError) {
        if writer == nil, fileCount == 0 { try begin(at: .zero) }
        try finish(metadata)
    }

    private mutating func begin(at time: Timestamp) throws(CaptureFileError) {
        let path = settings.split == nil ? path : numberedPath(time)
        let output = try OutputFile(path: path, besides: [input])
        writer = CaptureWriter(settings.type, name: path) { (bytes) throws(CaptureFileError) in try output.write(bytes) }
        fileCount += 1
        framesInFile = 0
    }

    private mutating func finish(_ metadata: borrowing CaptureMetadata) throws(CaptureFileError) {
        try writer?.end(metadata)
        writer = nil
    }

    /// `name_00002_20190422152318.pcap`
    private func numberedPath(_ time: Timestamp) -> String {
        let base = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        let suffix = base.lastIndex(of: ".").map { base[$0...] } ?? ""
        let date = CivilTime(time.seconds &+ secondsEast(time.seconds))
        var out = TextBuffer(capacity: 64)
        out.append(95)
        out.append(decimal: UInt64(fileCount), width: 5)
        out.append(95)
        out.append(decimal: UInt64(max(0, date.year)), width: 4)
        for part in [date.month, date.day, date.hour, date.minute, date.second] { out.append(decimal: UInt64(part), width: 2) }
        return path.dropLast(suffix.count) + out.string + suffix
    }
}

extension Timestamp {
    /// The moment a span later, wrapping on absurd values.
    static func + (a: Timestamp, b: Timestamp) -> Timestamp {
        let nanoseconds = a.nanoseconds + b.nanoseconds
        let carry: Int64 = nanoseconds >= 1_000_000_000 ? 1 : 0
        return Timestamp(seconds: a.seconds &+ b.seconds &+ carry, nanoseconds: nanoseconds - Int32(carry) * 1_000_000_000)
    }
}
