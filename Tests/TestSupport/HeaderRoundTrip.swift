import Dissection
import Testing
import Wire

/// A protocol's header as a value: its test declares the conformance.
public protocol HeaderValue: Equatable {
    init(parsing reader: inout Reader) throws(DissectionError)
    func write(to bytes: inout [UInt8])
}

/// Checks that a header reads back what it writes, writes what it read, and says what is wrong where bytes are missing.
public func expectRoundTrip<Header: HeaderValue>(_ type: Header.Type, _ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) throws {
    let header = try parse(type, bytes, reportedEnd: bytes.count)
    var written: [UInt8] = []
    header.write(to: &written)
    #expect(written == bytes, sourceLocation: sourceLocation)
    #expect(try parse(type, written, reportedEnd: written.count) == header, sourceLocation: sourceLocation)
    for count in bytes.indices {
        let part = Array(bytes.prefix(count))
        #expect(error(type, part, reportedEnd: count)?.kind == .malformed, "\(count) bytes as a whole", sourceLocation: sourceLocation)
        #expect(error(type, part, reportedEnd: bytes.count)?.kind == .truncated, "\(count) bytes captured", sourceLocation: sourceLocation)
    }
}

private func parse<Header: HeaderValue>(_ type: Header.Type, _ bytes: [UInt8], reportedEnd: Int) throws(DissectionError) -> Header {
    let result = bytes.withUnsafeBytes { buffer -> Result<Header, DissectionError> in
        var reader = Reader(bytes: ByteView(buffer), source: 0, start: 0, reportedEnd: reportedEnd)
        do throws(DissectionError) {
            return .success(try Header(parsing: &reader))
        } catch {
            return .failure(error)
        }
    }
    return try result.get()
}

private func error<Header: HeaderValue>(_ type: Header.Type, _ bytes: [UInt8], reportedEnd: Int) -> DissectionError? {
    do throws(DissectionError) {
        _ = try parse(type, bytes, reportedEnd: reportedEnd)
        return nil
    } catch {
        return error
    }
}
