/// Names the state that one protocol keeps in a session.
public struct StateKey<State: ~Copyable>: Sendable {
    let index: Int
}

/// How much a protocol remembers.
public struct StateFootprint: Sendable {
    /// What it remembers: "TCP conversations".
    public let name: String
    public let entryCount: Int
    /// Bytes of memory, as far as the sizes of its containers tell.
    public let byteCount: Int
    /// What was forgotten, or given up, to make room for something else.
    public let evictedCount: Int
}

/// Entries and bytes of a state.
public typealias StateMeasure<State: ~Copyable> = @Sendable (borrowing State) -> (entryCount: Int, byteCount: Int)

/// How much of a state was given up.
public typealias StateCount<State: ~Copyable> = @Sendable (borrowing State) -> Int

class AnyStateBox {
    var footprint: StateFootprint { preconditionFailure("a box without a state") }
}

final class StateBox<State: ~Copyable>: AnyStateBox {
    let pointer: UnsafeMutablePointer<State>
    private let name: String
    private let measure: StateMeasure<State>
    private let evicted: StateCount<State>

    init(_ name: String, _ state: consuming State, _ measure: @escaping StateMeasure<State>, _ evicted: @escaping StateCount<State>) {
        self.name = name
        self.measure = measure
        self.evicted = evicted
        pointer = .allocate(capacity: 1)
        pointer.initialize(to: state)
    }

    override var footprint: StateFootprint {
        let (entryCount, byteCount) = measure(pointer.pointee)
        return StateFootprint(name: name, entryCount: entryCount, byteCount: byteCount, evictedCount: evicted(pointer.pointee))
    }

    deinit {
        pointer.deinitialize(count: 1)
        pointer.deallocate()
    }
}

/// One protocol's state, in place.
///
/// ## Safety
/// The state lives in a box that the session owns, and a reference is used only while that session dissects a frame, on
/// the one thread that does so. Two references to the same state must not be changed at the same time: a dissector takes
/// the reference, changes the state, and calls no other dissector in between.
public struct StateRef<State: ~Copyable> {
    let pointer: UnsafeMutablePointer<State>

    public var value: State {
        @inline(__always) unsafeAddress { UnsafePointer(pointer) }
        @inline(__always) nonmutating unsafeMutableAddress { pointer }
    }
}

/// The states of all protocols in one session.
public struct SessionState: ~Copyable {
    private var boxes: [AnyStateBox]

    public init(_ registry: Registry) { boxes = registry.stateMakers.map { $0() } }

    /// How much each protocol remembers.
    public var footprints: [StateFootprint] { boxes.map(\.footprint) }

    public func ref<State: ~Copyable>(_ key: StateKey<State>) -> StateRef<State> {
        StateRef(pointer: unsafeDowncast(boxes[key.index], to: StateBox<State>.self).pointer)
    }
}
