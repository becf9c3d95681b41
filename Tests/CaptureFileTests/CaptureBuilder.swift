import CaptureFile
import Foundation
import Testing
import Wire

/// Capture bytes by hand, in either byte order.
struct CaptureBuilder {
    var isBigEndian = false

    func number<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
        withUnsafeBytes(of: isBigEndian ? value.bigEndian : value.littleEndian) { Array($0) }
    }

    // MARK: pcap

    func pcapHeader(
        magic: UInt32 = 0xa1b2_c3d4, version: (UInt16, UInt16) = (2, 4), snapLength: UInt32 = 65_535,
        linkType: UInt32 = 1
    ) -> [UInt8] {
        number(magic) + number(version.0) + number(version.1) + number(Int32(0)) + number(UInt32(0))
            + number(snapLength) + number(linkType)
    }

    func pcapRecord(
        _ bytes: [UInt8] = packet, seconds: UInt32 = 1, fraction: UInt32 = 0, captured: Int? = nil,
        original: Int? = nil, extra: [UInt8] = []
    ) -> [UInt8] {
        number(seconds) + number(fraction) + number(UInt32(captured ?? bytes.count))
            + number(UInt32(original ?? bytes.count)) + extra + bytes
    }

    // MARK: pcapng

    func block(_ type: UInt32, _ body: [UInt8], length: Int? = nil, secondLength: Int? = nil) -> [UInt8] {
        let body = body + padding(body.count)
        return number(type) + number(UInt32(length ?? body.count + 12)) + body
            + number(UInt32(secondLength ?? body.count + 12))
    }

    func padding(_ byteCount: Int) -> [UInt8] { [UInt8](repeating: 0, count: -byteCount & 3) }

    func option(_ code: UInt16, _ value: [UInt8]) -> [UInt8] {
        number(code) + number(UInt16(value.count)) + value + padding(value.count)
    }

    func option(_ code: UInt16, _ text: String) -> [UInt8] { option(code, Array(text.utf8)) }

    func customOption(_ code: UInt16, enterprise: UInt32, _ bytes: [UInt8]) -> [UInt8] {
        option(code, number(enterprise) + bytes)
    }

    func section(
        options: [UInt8] = [], magic: UInt32 = 0x1a2b_3c4d, version: (UInt16, UInt16) = (1, 0)
    ) -> [UInt8] {
        block(
            0x0a0d_0d0a, number(magic) + number(version.0) + number(version.1) + number(Int64(-1)) + options)
    }

    func interface(_ linkType: UInt16 = 1, snapLength: UInt32 = 0, options: [UInt8] = []) -> [UInt8] {
        block(1, number(linkType) + number(UInt16(0)) + number(snapLength) + options)
    }

    func ticks(_ ticks: UInt64) -> [UInt8] {
        number(UInt32(ticks >> 32)) + number(UInt32(truncatingIfNeeded: ticks))
    }

    func enhanced(
        _ bytes: [UInt8] = packet, interface: UInt32 = 0, ticks time: UInt64 = 1_000_000, captured: Int? = nil,
        original: Int? = nil, options: [UInt8] = []
    ) -> [UInt8] {
        block(
            6,
            number(interface) + ticks(time) + number(UInt32(captured ?? bytes.count))
                + number(UInt32(original ?? bytes.count)) + bytes + padding(bytes.count) + options)
    }

    func obsolete(
        _ bytes: [UInt8] = packet, interface: UInt16 = 0, drops: UInt16 = .max, ticks time: UInt64 = 1_000_000,
        options: [UInt8] = []
    ) -> [UInt8] {
        block(
            2,
            number(interface) + number(drops) + ticks(time) + number(UInt32(bytes.count))
                + number(UInt32(bytes.count)) + bytes + padding(bytes.count) + options)
    }

    func simple(_ bytes: [UInt8] = packet, original: Int? = nil) -> [UInt8] {
        block(3, number(UInt32(original ?? bytes.count)) + bytes)
    }
}

/// Sixty bytes, of which no two are the same.
let packet = [UInt8](1...60)

/// What a reader made of a file.
struct ReadCapture {
    struct Frame: Equatable {
        var bytes: [UInt8]
        var number: UInt32
        var timestamp: Timestamp?
        var originalByteCount: Int
        var interfaceID: UInt32?
        var comments: [String]
    }

    var frames: [Frame] = []
    var records: [FrameRecord] = []
    var error: CaptureFileError?
    var format: CaptureFormat?
    var interfaces: [CaptureInterface] = []
    var sections: [CaptureSection] = []
    var resolvedNames: [ResolvedName] = []
    var secrets: [DecryptionSecrets] = []
    var statistics: [InterfaceStatistics] = []
}

extension ReadCapture.Frame {
    init(_ record: FrameRecord, _ bytes: [UInt8]) {
        self.bytes = bytes
        number = record.number
        timestamp = record.hasTimestamp ? record.timestamp : nil
        originalByteCount = record.originalByteCount
        interfaceID = record.hasInterfaceID ? record.interfaceID : nil
        comments = record.comments
    }
}

func readCapture(path: String) -> ReadCapture {
    var result = ReadCapture()
    do throws(CaptureFileError) {
        var reader = try CaptureReader(path: path)
        defer {
            result.format = reader.format
            result.interfaces = reader.interfaces
            result.sections = reader.sections
            result.resolvedNames = reader.metadata.resolvedNames
            result.secrets = reader.metadata.secrets
            result.statistics = reader.metadata.statistics
        }
        var record = FrameRecord()
        while let bytes = try reader.next(&record) {
            #expect(bytes.count == record.capturedByteCount)
            result.frames.append(ReadCapture.Frame(record, bytes.copy()))
            result.records.append(record)
        }
    } catch {
        result.error = error
    }
    return result
}

/// Reads `bytes` as a file.
func readCapture(_ bytes: [UInt8]) -> ReadCapture {
    withTemporaryFile(bytes) { readCapture(path: $0) }
}

/// Runs `body` with the path of a file of `bytes`.
func withTemporaryFile<R>(_ bytes: [UInt8], _ body: (String) throws -> R) rethrows -> R {
    let url = FileManager.default.temporaryDirectory.appending(path: "capture-\(UUID().uuidString)")
    guard FileManager.default.createFile(atPath: url.path, contents: Data(bytes)) else {
        fatalError("cannot write \(url.path)")
    }
    defer { try? FileManager.default.removeItem(at: url) }
    return try body(url.path)
}
