import CaptureFile
import Foundation
import Testing
import Wire

@Suite struct InputTests {
    private func error(_ path: String) -> CaptureFileError? { readCapture(path: path).error }

    @Test func whatIsNoCaptureIsSaidInASentence() throws {
        let missing = try #require(error("/no/such/file.pcap"))
        #expect(missing.kind == .notFound && missing.exitCode == 2)
        #expect(missing.description == "The file \"/no/such/file.pcap\" doesn't exist.")
        #expect(error(FileManager.default.temporaryDirectory.path)?.kind == .isDirectory)
        #expect(error("/dev/null")?.kind == .notRegularFile)
        for text in ["hello, world\n", "x", "", "\u{a}\u{d}\u{d}\u{a} this is no section header"] {
            let error = try #require(readCapture(Array(text.utf8)).error)
            #expect(error.kind == (text.isEmpty ? .empty : .unknownFormat))
            #expect(error.exitCode == (text.isEmpty ? 0 : 2))
            #expect(error.description.hasPrefix("The file \"") && error.description.hasSuffix("."))
        }
    }

    @Test(.disabled(if: getuid() == 0, "the superuser may read every file"))
    func permissionDenied() throws {
        try withTemporaryFile([1, 2, 3]) { path in
            try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
            #expect(error(path)?.kind == .permissionDenied)
            #expect(error(path)?.exitCode == 2)
        }
    }

    @Test func aCaptureMayStartInsideAnOpenFile() throws {
        let build = CaptureBuilder()
        let bytes = Array("prefix".utf8) + build.pcapHeader() + build.pcapRecord()
        try withTemporaryFile(bytes) { path in
            let handle = try #require(FileHandle(forReadingAtPath: path))
            try handle.seek(toOffset: 6)
            var reader = try CaptureReader(fileDescriptor: handle.fileDescriptor, name: "-")
            var record = FrameRecord()
            let frame = try reader.next(&record)?.copy()
            #expect(frame == packet)
            var source = try FrameSource(reader)
            var again: [UInt8] = []
            try source.bytes(of: record.locator, into: &again)
            #expect(again == packet)
        }
    }

    /// Each frame must come out before the next one is written; a reader that waits for more would hang here.
    @Test(.timeLimit(.minutes(1)), arguments: [false, true])
    func framesComeOutAsTheyArrive(_ isPcapng: Bool) throws {
        let build = CaptureBuilder()
        let pipe = Pipe()
        try pipe.fileHandleForWriting.write(contentsOf: isPcapng ? build.section() + build.interface() : build.pcapHeader())
        var reader = try CaptureReader(fileDescriptor: pipe.fileHandleForReading.fileDescriptor, name: "-")
        var record = FrameRecord()
        for count in 1...5 {
            let payload = [UInt8](repeating: UInt8(count), count: count)
            try pipe.fileHandleForWriting.write(
                contentsOf: isPcapng ? build.enhanced(payload) : build.pcapRecord(payload))
            let frame = try reader.next(&record)?.copy()
            #expect(frame == payload)
        }
        try pipe.fileHandleForWriting.write(contentsOf: build.pcapRecord().prefix(7))
        try pipe.fileHandleForWriting.close()
        do throws(CaptureFileError) {
            _ = try reader.next(&record)
            Issue.record("no error")
        } catch {
            #expect(error.kind == .cutShort)
            #expect(error.description.hasPrefix("The standard input was cut short"))
        }
        do throws(CaptureFileError) {
            _ = try FrameSource(reader)
            Issue.record("no error")
        } catch {
            #expect(error.kind == .notAccessible)
        }
    }
}

extension FileHandle {
    fileprivate func write(contentsOf bytes: some Sequence<UInt8>) throws {
        try write(contentsOf: Data(bytes))
    }
}
