import Dissection
import Presentation
import Protocols
import Synchronization
import Wire

/// A registry with all that dissecting and printing with it needs; made once for each set of settings.
public struct TestBed: Sendable {
    public let registry: Registry
    public let formats: FieldFormats
    public let plan: Plan
    public let root: DissectorID

    /// - Parameter more: registers what is to be known beyond Wirelark's own protocols.
    public init(settings: RegistrySettings = RegistrySettings(), also more: (inout Registrar) -> Void = { _ in }) throws {
        var registrar = Registrar(settings: settings)
        registerAllProtocols(&registrar)
        more(&registrar)
        registry = try registrar.freeze()
        formats = FieldFormats(registry)
        plan = Plan.everything(registry, columns: true)
        guard let frame = registry.dissector(named: "frame") else { throw RegistryError("There is no dissector \"frame\".") }
        root = frame
    }

    private static let known = Mutex<[String: TestBed]>([:])

    /// The test bed with the settings of a fixture.
    public static func shared(for fixture: Fixture) throws -> TestBed {
        let key = (fixture.preferences.map { $0.name + ":" + $0.value } + fixture.decodeAs).joined(separator: "\n")
        if let bed = known.withLock({ $0[key] }) { return bed }
        let bed = try TestBed(settings: fixture.settings())
        known.withLock { $0[key] = bed }
        return bed
    }

    /// The dissection of a fixture as its golden has it.
    public func text(of fixture: Fixture) -> String { GoldenWriter(self, for: fixture).text(of: fixture) }

    /// All of one frame's tree and the bytes of its derived sources, but for fields that need any of `left`.
    public func text(of frame: borrowing DissectedFrame, without left: FieldNeeds = []) -> String {
        var out = TextBuffer()
        var writer = GoldenWriter(self, showsFrameFields: true)
        writer.leavesOut = left
        writer.append(treeOf: frame, to: &out)
        writer.append(sourcesOf: frame, to: &out)
        return out.string
    }

    /// Dissects frames in order, in one context, and gives each to `body` as it is printed.
    public func dissect(_ frames: [Fixture.Frame], pass: Pass = .only, facts: FactStore? = nil, _ body: (borrowing DissectedFrame) -> Void) {
        var context = Context(registry, plan: plan, pass: pass, facts: facts)
        for frame in FixtureClock.timed(frames) { dissect(frame, &context, body) }
    }

    /// Dissects frames twice, and gives each to `body` on the second pass.
    func dissectTwice(_ frames: [Fixture.Frame], _ body: (borrowing DissectedFrame) -> Void) {
        let facts = FactStore(registry)
        dissect(frames, pass: .first, facts: facts) { _ in }
        var context = Context(registry, plan: plan, pass: .second, facts: facts)
        context.earlierFrames = FixtureFrames(frames: frames)
        for frame in FixtureClock.timed(frames) { dissect(frame, &context, body) }
    }

    /// Dissects one frame, as `frame.info` describes it.
    public func dissect<Result>(_ frame: Fixture.Frame, _ context: inout Context, _ body: (borrowing DissectedFrame) -> Result) -> Result {
        frame.bytes.withUnsafeBytes { bytes in
            let view = ByteView(bytes)
            context.frame = frame.info
            context.begin(view)
            context.run(root, Reader(bytes: view, source: 0, start: 0, reportedEnd: max(bytes.count, frame.info.originalByteCount)))
            return body(context.dissected)
        }
    }
}

/// The times between frames, all of them displayed.
struct FixtureClock {
    private var first: Timestamp?
    private var previous: Timestamp?

    static func timed(_ frames: [Fixture.Frame]) -> [Fixture.Frame] {
        var clock = FixtureClock()
        return frames.map { frame in
            var frame = frame
            clock.fill(&frame.info)
            return frame
        }
    }

    private mutating func fill(_ frame: inout FrameInfo) {
        let time = frame.timestamp
        frame.timeRelative = time - (first ?? time)
        frame.timeDelta = time - (previous ?? time)
        frame.timeDeltaDisplayed = frame.timeDelta
        first = first ?? time
        previous = time
    }
}
