import CaptureFile
import Dissection
import DisplayFilter
import Wire

/// A capture after its first pass: the facts about its frames, and the way to any of them.
public final class FirstPass {
    public let registry: Registry
    public let facts: FactStore
    public let index: FrameIndex
    /// What ended the pass before the end of the file, if anything did: the frames before it are good.
    public let damage: CaptureFileError?
    private let interfaces: [CaptureInterface]
    private let resolution: NameResolution
    private let selection: FrameSelection?
    private let isFiltered: Bool

    /// Runs the trackers over the capture from its start.
    /// - Parameters:
    ///   - limit: frames to take at most; nil for all.
    ///   - selection: the frames to take; nil for every one.
    ///   - readFilter: which of them the second pass shows: the others have no number there. What they leave in the conversations
    ///     that they belong to stays.
    ///   - isStopped: asked before each frame whether to end here; knows how many bytes of the file were read.
    public init(
        _ registry: Registry, reader: consuming CaptureReader, resolution: NameResolution, limit: UInt32? = nil,
        selection: FrameSelection? = nil, readFilter: DisplayFilter? = nil, isStopped: (Int64) -> Bool = { _ in false }
    ) throws(CaptureFileError) {
        self.registry = registry
        self.resolution = resolution
        self.selection = selection
        isFiltered = readFilter != nil
        facts = FactStore(registry)
        index = try FrameIndex(reader)
        let plan = Plan(registry, fields: readFilter?.fields ?? [], labels: false, columns: false, needs: .everything)
        var session = Session(registry, reader: reader, plan: plan, resolution: resolution, pass: .first, facts: facts)
        session.index = index
        session.admittedCount = readFilter == nil ? nil : 0
        session.context.mayLackFrames = readFilter != nil
        session.selection = selection
        var damage: CaptureFileError?
        do throws(CaptureFileError) {
            while session.frameCount < limit ?? .max, !isStopped(session.reader.storedOffset), try session.next() {
                let passes = readFilter?.matches(session.context.dissected) ?? true
                index.admission.note(passes: passes)
                if passes { session.admittedCount = session.admittedCount.map { $0 + 1 } } else { session.context.dropFacts() }
            }
        } catch {
            damage = error
        }
        self.damage = damage
        index.finish(session.reader)
        interfaces = session.reader.interfaces
    }

    /// The second pass over the same capture, from its start.
    public func session(reader: consuming CaptureReader, plan: Plan) -> Session {
        var session = Session(registry, reader: reader, plan: plan, resolution: resolution, pass: .second, facts: facts)
        session.context.earlierFrames = index
        session.admission = index.admission
        session.admittedCount = isFiltered ? 0 : nil
        session.knownInterfaces = interfaces
        session.selection = selection
        return session
    }
}

extension Session {
    /// Dissects one frame of a capture after its first pass, whatever frame came before; false where there is none.
    public mutating func dissect(frame number: UInt32, of pass: FirstPass) -> Bool {
        clock = FrameClock()
        clock.begin(pass.index.firstTime)
        if number > 1 {
            _ = pass.index.withFrame(number - 1) { record, _ in
                clock.note(record.timestamp)
                clock.noteDisplayed(record.timestamp)
            }
        }
        let view: ByteView? = pass.index.withFrame(number) { found, bytes in
            record = found
            return copied.replace(bytes)
        }
        guard let view else { return false }
        dissect(view, number: number)
        return true
    }
}
