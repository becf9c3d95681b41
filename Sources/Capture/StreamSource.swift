import CaptureFile
import Synchronization
import Wire

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A pcap or pcapng stream that arrives through a pipe.
///
/// ## Safety
/// What is not atomic or guarded is used by the thread inside `run` alone.
public final class StreamSource: PacketSource, @unchecked Sendable {
    public let title: String
    public let interfaceIndex: Int? = nil
    public let endsWhenStopped = false
    public let packetsWait = true
    private let path: String
    private let descriptor: Int32
    private let options: DeviceOptions
    private let interfaces: CaptureInterfaces
    private let isStopped = Atomic(false)
    private let known = Mutex(SourceCounts())
    private var batch: PacketBatch?
    private var inputs: [Input] = []
    private var counted = SourceCounts()

    /// One of the stream's interfaces.
    private struct Input {
        var number: Int
        var ticksPerSecond: UInt64
        var filter: BPFFilter?
    }

    public var counts: SourceCounts { known.withLock { $0 } }

    /// Opens the pipe, which need not have a writer yet.
    /// - Parameters:
    ///   - path: "-" is the standard input.
    ///   - options: of which a stream has filter, name and description.
    public init(_ path: String, _ options: DeviceOptions, _ interfaces: CaptureInterfaces) throws(CaptureError) {
        self.path = path
        title = path == "-" ? "Standard input" : path
        descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        self.options = options
        self.interfaces = interfaces
        guard descriptor >= 0 else { throw CaptureError(.refused, "The pipe \"\(path)\" can't be opened: \(String(cString: strerror(errno))).") }
    }

    deinit { if descriptor > STDIN_FILENO { close(descriptor) } }

    /// Whether `path` names a pipe rather than a device.
    public static func isMeant(by path: String) -> Bool {
        var status = stat()
        return path == "-" || stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
    }

    public func stop() { isStopped.store(true, ordering: .relaxed) }

    public func run(into queue: PacketQueue) throws(CaptureError) {
        do {
            try read(into: queue)
        } catch let error as CaptureFileError where error.kind == .empty {
            // Somebody who had nothing to say.
        } catch {
            handOn(queue)
            throw (error as? CaptureError) ?? CaptureError(.ended, "\(error)")
        }
        handOn(queue)
    }

    private func read(into queue: PacketQueue) throws {
        waitForWriter()
        var reader = try CaptureReader(fileDescriptor: descriptor, name: path)
        var record = FrameRecord()
        while !isStopped.load(ordering: .relaxed), let bytes = try reader.next(&record) {
            guard record.kind == .packet else { continue }
            try noteInterfaces(reader)
            take(bytes, record, queue)
            if queue.wantsMore || !hasData() { handOn(queue) }
        }
    }

    private func noteInterfaces(_ reader: borrowing CaptureReader) throws(CaptureError) {
        while inputs.count < reader.interfaces.count {
            let theirs = reader.interfaces[inputs.count]
            var filter: BPFFilter?
            if !options.filter.isEmpty {
                do {
                    filter = try BPFFilter(options.filter, linkType: theirs.linkType, snapLength: Int(theirs.snapLength))
                } catch {
                    throw CaptureError(.refused, error.description)
                }
            }
            var ours = CaptureInterface(linkType: theirs.linkType, snapLength: theirs.snapLength)
            ours.name = options.shownName ?? theirs.name ?? path
            ours.description = options.description ?? theirs.description
            ours.filter = options.filter.isEmpty ? theirs.filter : options.filter
            ours.operatingSystem = theirs.operatingSystem
            ours.ticksPerSecond = theirs.ticksPerSecond == 1_000_000 ? 1_000_000 : 1_000_000_000
            inputs.append(Input(number: interfaces.add(ours), ticksPerSecond: ours.ticksPerSecond, filter: filter))
        }
    }

    private func take(_ bytes: ByteView, _ record: FrameRecord, _ queue: PacketQueue) {
        let input = inputs[record.interfaceIndex]
        if let filter = input.filter, !filter.matches(bytes, originalByteCount: record.originalByteCount) {
            counted.filtered += 1
            return
        }
        let packet = RawPacket(
            interfaceNumber: UInt32(input.number), seconds: record.timestamp.seconds, nanoseconds: UInt32(record.timestamp.nanoseconds),
            ticksPerSecond: input.ticksPerSecond, originalByteCount: record.originalByteCount, bytes: bytes)
        if batch?.append(packet) != true {
            handOn(queue)
            batch = queue.blank()
            _ = batch?.append(packet)
        }
        batch?.interfaceCount = max(batch?.interfaceCount ?? 0, input.number + 1)
    }

    private func handOn(_ queue: PacketQueue) {
        counted.queued += batch?.packetCount ?? 0
        known.withLock { $0 = counted }
        if let batch, !batch.isEmpty {
            self.batch = nil
            queue.push(batch)
        }
    }

    /// A pipe that nobody has opened for writing yet has an end only where reads do not wait.
    private func waitForWriter() {
        guard descriptor != STDIN_FILENO else { return }
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while poll(&request, 1, -1) < 0, errno == EINTR {}
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
    }

    /// Whether something waits to be read from the pipe.
    private func hasData() -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&request, 1, 0) > 0
    }
}
