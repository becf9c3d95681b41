import CPcap
import CaptureFile
import Foundation
import TestSupport
import Testing
import Wire

func truncateFile(_ path: String, to byteCount: Int) -> Bool { truncate(path, off_t(byteCount)) == 0 }

@Suite(.enabled(if: SharedCaptures.isPresent, SharedCaptures.absence))
struct SharedCaptureTests {
    /// Of each pcapng test file, what tshark 4.0.17 prints of its frames: time, length, captured length, interface
    /// and section number, in both byte orders.
    static let expectedFrames: [String: [String]] = [
        "advanced/test101.pcapng": [
            "1340954905.298858000 314 96 0 1",
            "1340954905.298858000 342 128 2 1",
            " 314 96 0 1",
            "1340954905.301858000 168 168 1 1",
        ],
        "basic/test001.pcapng": [
            "0.000000000 314 314 0 1",
            "0.000000000 342 342 0 1",
            "0.000000000 314 314 0 1",
            "0.000000000 342 342 0 1",
        ],
        "basic/test002.pcapng": [],
        "basic/test004.pcapng": [
            "1340954905.298858000 314 96 0 1",
            "1340954905.299858000 342 128 1 1",
            "1340954905.300858000 314 96 0 1",
            "1340954905.301858000 342 128 1 1",
        ],
        "basic/test005.pcapng": [
            "1340954905.298858000 314 96 0 1",
            "1340954905.299858000 342 128 1 1",
            "1340954905.300858000 314 96 0 1",
            "1340954905.301858000 342 128 1 1",
        ],
        "basic/test006.pcapng": [
            "1340954905.298858000 314 96 0 1",
            "1340954905.299858000 168 168 1 1",
            "1340954905.300858000 342 96 0 1",
            "1340954905.301858000 314 96 0 1",
            "1340954905.302858000 342 96 0 1",
        ],
        "basic/test008.pcapng": [
            "1340954.905298858 314 96 0 1",
            "1340954.905299858 342 128 1 1",
            "1340954.905300858 314 96 0 1",
            "1340954.905301858 342 128 1 1",
        ],
        "basic/test011.pcapng": [
            " 314 314 0 1",
            "1340954905.298858000 342 342 0 1",
            " 314 314 0 1",
            "1340954905.300858000 342 342 0 1",
        ],
        "basic/test012.pcapng": [
            " 314 314 0 1",
            " 342 315 0 1",
            "0.000000000 314 314 0 1",
            "0.000000000 342 315 0 1",
        ],
        "basic/test016.pcapng": [
            " 314 314 0 1",
            "1340954905.298858000 342 342 0 1",
            " 314 314 0 1",
            "1340954905.300858000 342 342 0 1",
        ],
        "basic/test017.pcapng": [
            " 24 24  1",
            " 60 60  1",
            " 36 36  1",
            " 32 32  1",
        ],
        "basic/test018.pcapng": [
            " 24 24  1",
            " 314 314 0 1",
            "1340954905.298858000 342 342 0 1",
            " 60 60  1",
            " 314 314 0 1",
            " 36 36  1",
            "1340954905.300858000 342 342 0 1",
            " 32 32  1",
        ],
        "difficult/test201.pcapng": [
            "1340954905.298858000 314 96 0 1",
            "1340954905.298858000 342 128 0 2",
            " 314 128 0 2",
            "1340954905.301858000 168 168 1 3",
        ],
        "difficult/test202.pcapng": [
            " 24 24  1",
            "1340954905.298858000 314 96 0 1",
            "1340954905.298858000 342 96 0 1",
            "1340954905.301858000 168 168 1 1",
            " 314 128 0 2",
            "1340954905.298858000 342 128 0 2",
            " 60 60  2",
            " 314 128 0 2",
            "1340954905.298858000 342 128 0 2",
            " 32 32  3",
            "1340954905.301858000 168 168 1 3",
        ],
    ]

    private static func description(_ record: FrameRecord) -> String {
        let nanoseconds = String(record.timestamp.nanoseconds + 1_000_000_000).dropFirst()
        let time = record.hasTimestamp ? "\(record.timestamp.seconds).\(nanoseconds)" : ""
        let interface = record.hasInterfaceID ? String(record.interfaceID) : ""
        return "\(time) \(record.originalByteCount) \(record.capturedByteCount) \(interface) \(record.sectionNumber)"
    }

    @Test(arguments: expectedFrames.keys.sorted(), ["output_le", "output_be"])
    func pcapngTestFiles(_ name: String, _ byteOrder: String) {
        let url = SharedCaptures.directory.appending(
            path: "captures/hadrielk+pcapng-test-generator/\(byteOrder)/\(name)")
        let capture = readCapture(path: url.path)
        #expect(capture.error == nil)
        #expect(capture.records.map(Self.description) == Self.expectedFrames[name])
        let number = name.dropLast(".pcapng".count).suffix(3)
        let comments = capture.sections.flatMap(\.comments)
        #expect(comments.contains { $0.hasPrefix("test\(number)") })
    }

    /// libpcap reads pcap files, and pcapng files of one link type: where it takes a file, the frames are the same.
    @Test func libpcapAgrees() throws {
        var comparedCount = 0
        for path in SharedCaptures.paths {
            var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
            guard let handle = pcap_open_offline_with_tstamp_precision(path, UInt32(PCAP_TSTAMP_PRECISION_NANO), &message)
            else { continue }
            defer { pcap_close(handle) }
            var isEqual = true
            var count = 0
            do {
                var reader = try CaptureReader(path: path)
                var record = FrameRecord()
                var header: UnsafeMutablePointer<pcap_pkthdr>?
                var data: UnsafePointer<UInt8>?
                while isEqual, let bytes = try reader.next(&record) {
                    // libpcap passes over what is no packet.
                    if record.kind != .packet { continue }
                    guard pcap_next_ex(handle, &header, &data) == 1, let header, let data else { break }
                    isEqual = Self.isSame(record, bytes, header.pointee, data)
                    count += 1
                }
            } catch {
                // The one that stops first is no measure for the other.
            }
            #expect(isEqual, "\(path), frame \(count)")
            comparedCount += 1
        }
        #expect(comparedCount > 1000)
    }

    private static func isSame(
        _ record: FrameRecord, _ bytes: ByteView, _ header: pcap_pkthdr, _ data: UnsafePointer<UInt8>
    ) -> Bool {
        // libpcap cuts to the file's snap length, and keeps 31 bits of the time.
        let count = min(bytes.count, Int(header.caplen))
        let isInRange = record.timestamp.seconds < 1 << 31 && record.timestamp.seconds == header.ts.tv_sec
        return bytes[0..<count].withUnsafeBytes { $0.elementsEqual(UnsafeRawBufferPointer(start: data, count: count)) }
            && (!isInRange || !record.hasTimestamp || Int(record.timestamp.nanoseconds) == header.ts.tv_usec)
    }

    /// Of every capture, a sample of its records is read again in backward order.
    @Test func randomAccessEqualsSequential() throws {
        var checkedCount = 0
        for path in SharedCaptures.paths {
            var locators: [(locator: RecordLocator, hash: Int)] = []
            do {
                var reader = try CaptureReader(path: path)
                var record = FrameRecord()
                defer { #expect(reader.interfaces.count >= (record.kind == .packet && record.number > 0 ? 1 : 0)) }
                do {
                    while let bytes = try reader.next(&record) {
                        if record.number < 50 || record.number % 17 == 0 {
                            locators.append((record.locator, Self.hash(record, bytes)))
                        }
                    }
                } catch {
                    // What came before the damage can be read again.
                }
                var source = try FrameSource(reader)
                let isCompressed = reader.format.compression != nil
                for (locator, hash) in locators.reversed().prefix(isCompressed ? 40 : .max) {
                    let bytes = try source.record(at: locator, &record)
                    if Self.hash(record, bytes) != hash { Issue.record("\(path), frame \(locator.frameNumber)") }
                    checkedCount += 1
                }
            } catch {
                // Not a capture in one of our formats; or one of which nothing can be read.
                #expect(locators.isEmpty, "\(path): \(error)")
            }
        }
        #expect(checkedCount > 10_000)
    }

    private static func hash(_ record: FrameRecord, _ bytes: ByteView) -> Int {
        var hasher = Hasher()
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
        hasher.combine(record.number)
        hasher.combine(record.timestamp)
        hasher.combine(record.interfaceIndex)
        hasher.combine(record.comments)
        return hasher.finalize()
    }
}
