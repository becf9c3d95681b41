/// Names the state that one protocol keeps in a session.
public struct StateKey<State: ~Copyable>: Sendable {
    let index: Int
}

final class StateBox<State: ~Copyable> {
    let pointer: UnsafeMutablePointer<State>

    init(_ state: consuming State) {
        pointer = .allocate(capacity: 1)
        pointer.initialize(to: state)
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
    private var boxes: [AnyObject]

    public init(_ registry: Registry) { boxes = registry.stateMakers.map { $0() } }

    public func ref<State: ~Copyable>(_ key: StateKey<State>) -> StateRef<State> {
        StateRef(pointer: unsafeDowncast(boxes[key.index], to: StateBox<State>.self).pointer)
    }
}
