import CPcap
import CShims
import CaptureFile
import Synchronization
import Wire

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A device, drained by the thread that runs it.
///
/// ## Safety
/// `handle` is closed in `deinit` only. Apart from that the thread inside `run` alone uses it, and what is not atomic or guarded.
public final class DeviceSource: PacketSource, @unchecked Sendable {
    /// How often the kernel is asked what it dropped.
    private static let statisticSeconds = 1.0

    public let title: String
    public let endsWhenStopped = true
    public let packetsWait = false
    private let device: CaptureDevice
    private let handle: OpaquePointer
    private let interfaceNumber: UInt32
    public let interfaceIndex: Int?
    private let isNanoseconds: Bool
    private let isStopped = Atomic(false)
    private let known = Mutex(SourceCounts())

    private var queue: PacketQueue?
    private var batch: PacketBatch?
    private var queuedCount = 0
    private var nextStatistics = 0.0

    public var counts: SourceCounts { known.withLock { $0 } }

    /// Opens the device: from now on packets are received.
    public init(_ device: CaptureDevice, _ options: DeviceOptions, _ interfaces: CaptureInterfaces) throws(CaptureError) {
        self.device = device
        title = device.title
        handle = try PcapHandle.open(device.name, options)
        isNanoseconds = pcap_get_tstamp_precision(handle) == PCAP_TSTAMP_PRECISION_NANO
        var interface = CaptureInterface(linkType: LinkType(captureNumber: pcap_datalink(handle)), snapLength: UInt32(clamping: pcap_snapshot(handle)))
        interface.name = options.shownName ?? device.name
        interface.description = options.description ?? device.description
        interface.filter = options.filter.isEmpty ? nil : options.filter
        interface.operatingSystem = OperatingSystem.name
        interface.ticksPerSecond = isNanoseconds ? 1_000_000_000 : 1_000_000
        let index = interfaces.add(interface)
        interfaceIndex = index
        interfaceNumber = UInt32(index)
    }

    deinit { pcap_close(handle) }

    /// Where libpcap on Linux reads what the device dropped.
    public var directory: String? { "/sys/class/net/\(device.name)/statistics" }

    public func stop() { isStopped.store(true, ordering: .relaxed) }

    public func run(into queue: PacketQueue) throws(CaptureError) {
        self.queue = queue
        defer { finish(queue) }
        while !isStopped.load(ordering: .relaxed) {
            waitForPackets()
            try drain()
            handOn(evenIfBusy: false)
            let now = CaptureClock.seconds
            if now >= nextStatistics {
                nextStatistics = now + Self.statisticSeconds
                noteStatistics()
            }
        }
        try drainRest()
    }

    /// What was received before the stop is still delivered: the kernel takes nothing more, and hands over what it has once the delivery
    /// time has passed.
    private func drainRest() throws(CaptureError) {
        guard shims_refuse_packets(pcap_fileno(handle)) == 0 else { return }
        poll(nil, 0, PcapHandle.deliveryMilliseconds * 3 / 2)
        try drain()
    }

    private func waitForPackets() {
        var request = pollfd(fd: pcap_get_selectable_fd(handle), events: Int16(POLLIN), revents: 0)
        // A device without a descriptor, of which the number is -1, is looked at after each delivery time.
        poll(&request, 1, PcapHandle.deliveryMilliseconds)
    }

    private func drain() throws(CaptureError) {
        let status = pcap_dispatch(handle, -1, { user, header, bytes in
            guard let user, let header, let bytes else { return }
            Unmanaged<DeviceSource>.fromOpaque(user)._withUnsafeGuaranteedRef { $0.take(header.pointee, bytes) }
        }, Unmanaged.passUnretained(self).toOpaque())
        if status == PCAP_ERROR {
            throw CaptureError(.ended, "The capture on \"\(device.name)\" ended: \(String(cString: pcap_geterr(handle))).")
        }
    }

    @inline(__always)
    private func take(_ header: pcap_pkthdr, _ bytes: UnsafePointer<UInt8>) {
        let packet = RawPacket(
            interfaceNumber: interfaceNumber, seconds: Int64(header.ts.tv_sec),
            nanoseconds: UInt32(truncatingIfNeeded: isNanoseconds ? header.ts.tv_usec : header.ts.tv_usec &* 1000),
            ticksPerSecond: isNanoseconds ? 1_000_000_000 : 1_000_000, originalByteCount: Int(header.len),
            bytes: ByteView(UnsafeRawBufferPointer(start: bytes, count: Int(header.caplen))))
        if let batch, batch.append(packet) { return }
        nextBatch(packet)
    }

    @inline(never)
    private func nextBatch(_ packet: RawPacket) {
        handOn(evenIfBusy: true)
        let batch = queue?.blank()
        _ = batch?.append(packet)
        self.batch = batch
        if isStopped.load(ordering: .relaxed) { pcap_breakloop(handle) }
    }

    /// Gives the recorder what there is, unless it has enough to do and more will come.
    private func handOn(evenIfBusy: Bool) {
        guard let queue, let batch, !batch.isEmpty, evenIfBusy || queue.wantsMore else { return }
        batch.interfaceCount = Int(interfaceNumber) + 1
        queuedCount += batch.packetCount
        known.withLock { $0.queued = queuedCount }
        self.batch = nil
        queue.push(batch)
    }

    private func finish(_ queue: PacketQueue) {
        noteStatistics()
        handOn(evenIfBusy: true)
        self.queue = nil
    }

    private func noteStatistics() {
        var statistics = pcap_stat()
        guard pcap_stats(handle, &statistics) == 0 else { return }
        known.withLock {
            $0.droppedByKernel = Int(statistics.ps_drop)
            $0.droppedByInterface = Int(statistics.ps_ifdrop)
        }
    }
}
