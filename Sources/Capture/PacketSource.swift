import CaptureFile
import Synchronization
import Wire

/// Where packets come from while they arrive.
public protocol PacketSource: AnyObject, Sendable {
    /// As users name it.
    var title: String { get }
    var counts: SourceCounts { get }
    /// The one interface of all packets, where there is one from the beginning on.
    var interfaceIndex: Int? { get }
    /// The directory that is read from while packets arrive, where there is one.
    var directory: String? { get }
    /// Whether `run` returns soon after `stop`: a read from a pipe that nobody writes to does not.
    var endsWhenStopped: Bool { get }
    /// Whether packets that nobody takes wait with who sends them, so that none is lost.
    var packetsWait: Bool { get }

    /// Puts packets into the queue until the source ends or is stopped.
    func run(into queue: PacketQueue) throws(CaptureError)
    func stop()
}

extension PacketSource {
    public var directory: String? { nil }
}

/// What became of a source's packets before they were recorded.
public struct SourceCounts: Hashable, Sendable {
    /// Packets that were put into the queue.
    public var queued = 0
    /// Those that the capture filter refused here. What the kernel's filter refuses is known to nobody.
    public var filtered = 0
    public var droppedByKernel = 0
    /// Before they were received.
    public var droppedByInterface = 0

    public var received: Int { queued + filtered + droppedByKernel }

    public init() {}
}

/// The interfaces that packets were captured on so far, in the order of their numbers in the output.
public final class CaptureInterfaces: Sendable {
    private let list = Mutex<[CaptureInterface]>([])

    public init() {}

    /// Adds one; its number.
    func add(_ interface: CaptureInterface) -> Int {
        list.withLock {
            var interface = interface
            interface.number = UInt32($0.count)
            $0.append(interface)
            return $0.count - 1
        }
    }

    public var all: [CaptureInterface] { list.withLock { $0 } }
}
