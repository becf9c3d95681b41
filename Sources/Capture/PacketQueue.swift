import CaptureFile
import Synchronization
import Threading

/// Batches between the sources, each on a thread of its own, and the one who records them. There is a fixed number of batches: a source
/// that finds none waits, and what comes meanwhile waits in the kernel's buffer or in the pipe.
///
/// ## Safety
/// Everything that changes is changed under the monitor's lock.
public final class PacketQueue: @unchecked Sendable {
    private let type: CaptureFileType
    private let batchLimit: Int
    private let monitor = Monitor()
    private var madeCount = 0
    private var free: [PacketBatch] = []
    private var waiting: [PacketBatch] = []
    private var runningCount = 0
    /// Of these, those that end when they are stopped.
    private var endingCount = 0
    private let isHungry = Atomic(true)

    /// - Parameter byteCount: of packets that can wait, in about.
    public init(_ type: CaptureFileType, byteCount: Int) {
        self.type = type
        batchLimit = max(4, byteCount / PacketBatch.usualCapacity)
    }

    /// Batches that may wait for the printer: the others are left to the sources.
    var printerBatchLimit: Int { batchLimit / 2 }

    /// Whether the recorder has nothing to do: a batch is worth handing on before it is full.
    var wantsMore: Bool { isHungry.load(ordering: .relaxed) }

    // MARK: The sources' side

    /// An empty batch, once there is one.
    func blank() -> PacketBatch {
        monitor.locked {
            while free.isEmpty, madeCount >= batchLimit { monitor.wait() }
            if let batch = free.popLast() { return batch }
            madeCount += 1
            return PacketBatch(type)
        }
    }

    func push(_ batch: PacketBatch) {
        monitor.locked {
            waiting.append(batch)
            isHungry.store(false, ordering: .relaxed)
            monitor.wakeAll()
        }
    }

    func beginSource(endsWhenStopped: Bool) {
        monitor.locked {
            runningCount += 1
            if endsWhenStopped { endingCount += 1 }
        }
    }

    func endSource(endsWhenStopped: Bool) {
        monitor.locked {
            runningCount -= 1
            if endsWhenStopped { endingCount -= 1 }
            monitor.wakeAll()
        }
    }

    // MARK: The recorder's side

    /// The next batch; nil if there is none within about `seconds`, or no source is left.
    func pop(atMost seconds: Double) -> PacketBatch? {
        monitor.locked {
            if waiting.isEmpty {
                isHungry.store(true, ordering: .relaxed)
                if runningCount > 0 { monitor.wait(atMost: seconds) }
            }
            return waiting.isEmpty ? nil : waiting.removeFirst()
        }
    }

    /// Whether nothing more will come.
    /// - Parameter afterStop: whether the sources were stopped.
    func isFinished(afterStop: Bool) -> Bool {
        monitor.locked { waiting.isEmpty && (afterStop ? endingCount : runningCount) == 0 }
    }

    func recycle(_ batch: PacketBatch) {
        batch.removeAll()
        monitor.locked {
            free.append(batch)
            monitor.wakeAll()
        }
    }
}
