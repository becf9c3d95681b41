import Codecs
import Wire

/// The unread bytes of a capture, in one reused buffer. Offsets count uncompressed bytes.
///
/// ## Safety
/// The buffer is moved or refilled only by `ensure`, `skip` and `seek`; pointers from `start` and views of the
/// window are used up before the next of these calls.
struct InputWindow: ~Copyable {
    /// The first unread byte.
    private(set) var start: UnsafeMutableRawPointer
    /// One past the last byte that was read in.
    private var end: UnsafeMutableRawPointer
    private var buffer: UnsafeMutableRawBufferPointer
    /// Where the byte after `end` is in the contents.
    private var nextOffset: Int64 = 0
    let file: FileDescriptor
    private(set) var decoded: DecodedInput?
    /// What stopped the input; thrown once the bytes before it are used up.
    private var failure: CaptureFileError?

    init(_ file: FileDescriptor, byteCount: Int, decoded: DecodedInput? = nil) {
        self.file = file
        self.decoded = decoded
        buffer = .allocate(byteCount: byteCount, alignment: 16)
        start = UnsafeMutableRawPointer(buffer.baseAddress.unsafelyUnwrapped)
        end = start
    }

    deinit { buffer.deallocate() }

    /// The uncompressed offset of `start`.
    var offset: Int64 { nextOffset &- Int64(unreadByteCount) }

    /// How much of the file was used up, in bytes as it stores them.
    var storedOffset: Int64 { decoded?.storedOffset ?? offset }

    @inline(__always)
    var unreadByteCount: Int { end - start }

    /// Looks at the first bytes and puts a decoder in between if they are of a compressed format.
    mutating func detectCompression() throws(CaptureFileError) -> CompressionFormat? {
        _ = try ensure(CompressionFormat.magicByteCount)
        let unread = UnsafeRawBufferPointer(start: start, count: unreadByteCount)
        guard let format = CompressionFormat(startOf: ByteView(unread)) else { return nil }
        decoded = try DecodedInput(file, format: format, start: unread)
        start = UnsafeMutableRawPointer(buffer.baseAddress.unsafelyUnwrapped)
        end = start
        nextOffset = 0
        return format
    }

    /// Whether `byteCount` unread bytes are there; reads more if necessary.
    @inline(__always)
    mutating func ensure(_ byteCount: Int) throws(CaptureFileError) -> Bool {
        if unreadByteCount >= byteCount { return true }
        return try fill(byteCount)
    }

    /// Whether the unread bytes are the last, as far as that can be known without waiting for a pipe.
    mutating func isAtEnd() -> Bool {
        guard file.isSeekable else { return false }
        // What stopped the input is kept, and thrown when its place is reached.
        return (try? ensure(unreadByteCount + 1)) != true
    }

    /// Marks bytes, which `ensure` said are there, as read.
    @inline(__always)
    mutating func consume(_ byteCount: Int) {
        precondition(byteCount >= 0 && byteCount <= unreadByteCount, "consumed more than there is")
        start += byteCount
    }

    /// The first `byteCount` unread bytes, which `ensure` said are there.
    @inline(__always)
    func view(_ byteCount: Int) -> ByteView {
        precondition(byteCount >= 0 && byteCount <= unreadByteCount, "viewed more than there is")
        return ByteView(unsafeBase: start, count: byteCount)
    }

    @inline(never)
    private mutating func fill(_ byteCount: Int) throws(CaptureFileError) -> Bool {
        // Each turn adds bytes or returns.
        while unreadByteCount < byteCount {
            makeRoom(for: byteCount)
            let count = try readPiece()
            if count == 0 {
                if let failure { throw failure }
                return false
            }
        }
        return true
    }

    /// Moves the unread bytes to the front. A buffer too small for a record doubles only as far as its bytes
    /// arrive, so that an absurd length costs no memory.
    private mutating func makeRoom(for byteCount: Int) {
        let unread = unreadByteCount
        let base = buffer.baseAddress.unsafelyUnwrapped
        if unread == buffer.count {
            let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: buffer.count * 2, alignment: 16)
            larger.copyMemory(from: UnsafeRawBufferPointer(start: start, count: unread))
            buffer.deallocate()
            buffer = larger
        } else if start != base {
            base.copyMemory(from: start, byteCount: unread)
        }
        start = UnsafeMutableRawPointer(buffer.baseAddress.unsafelyUnwrapped)
        end = start + unread
    }

    private mutating func readPiece() throws(CaptureFileError) -> Int {
        if failure != nil { return 0 }
        let room = UnsafeMutableRawBufferPointer(start: end, count: buffer.count - unreadByteCount)
        do throws(CaptureFileError) {
            let count = if let decoded {
                try decoded.read(into: room)
            } else {
                try file.read(into: room, at: nextOffset)
            }
            end += count
            nextOffset += Int64(count)
            return count
        } catch {
            failure = error
            return 0
        }
    }

    /// Passes over bytes without keeping them; false if the file ends before.
    mutating func skip(_ byteCount: Int) throws(CaptureFileError) -> Bool {
        var remaining = byteCount
        while remaining > 0 {
            guard try ensure(1) else { return false }
            let count = min(remaining, unreadByteCount)
            consume(count)
            remaining -= count
        }
        return true
    }

    /// Continues at `target`.
    mutating func seek(to target: Int64) throws(CaptureFileError) {
        let buffered = Int64(unreadByteCount)
        let isAhead = target >= offset && target - offset <= buffered
        if isAhead {
            start += Int(target - offset)
            return
        }
        guard file.isSeekable else {
            throw CaptureFileError(
                .notAccessible, name: file.name, detail: "can be read only once, from start to end")
        }
        failure = nil
        start = UnsafeMutableRawPointer(buffer.baseAddress.unsafelyUnwrapped)
        end = start
        try decoded?.seek(to: target)
        nextOffset = target
    }
}
