import Wire

/// What `Generations` remember.
protocol Remembered {
    /// Bytes of memory that lie apart from the value.
    var byteCount: Int { get }
}

extension Remembered {
    var byteCount: Int { 0 }
}

/// Values by key, within a budget of bytes: two generations, of which the older is forgotten, and counted, when the younger has taken its
/// half of the budget. What is changed belongs to the younger one.
struct Generations<Key: Hashable, Value: Remembered>: ~Copyable {
    private struct Generation {
        var values: [Key: Value] = [:]
        /// Of what lies apart from the values.
        var heldByteCount = 0

        var byteCount: Int { values.storageByteCount + heldByteCount }

        mutating func take(_ key: Key) -> Value? {
            guard let value = values.removeValue(forKey: key) else { return nil }
            heldByteCount -= value.byteCount
            return value
        }
    }

    /// A dictionary that has just grown has twice the room that it needs, and is filled to three quarters at most.
    private static var entryByteCount: Int { 8 * (MemoryLayout<Key>.stride + MemoryLayout<Value>.stride) / 3 }

    private let generationByteLimit: Int
    private var recent = Generation()
    private var older = Generation()
    private(set) var evictedCount = 0

    init(byteLimit: Int) { generationByteLimit = byteLimit / 2 }

    var count: Int { recent.values.count + older.values.count }
    /// Bytes of memory.
    var byteCount: Int { recent.byteCount + older.byteCount }

    subscript(key: Key) -> Value? { recent.values[key] ?? older.values[key] }

    /// Remembers a value, in the place of the one that the key had.
    mutating func remember(_ key: Key, _ value: Value) { change(key, default: value) { $0 = value } }

    /// Changes the value of a key, which is made if there is none.
    mutating func change<Result>(_ key: Key, default make: @autoclosure () -> Value, _ body: (inout Value) -> Result) -> Result {
        if let index = recent.values.index(forKey: key) { return Self.change(&recent.values.values[index], &recent.heldByteCount, body) }
        insert(key, older.take(key) ?? make())
        return Self.change(&recent.values[key, default: make()], &recent.heldByteCount, body)
    }

    /// Changes the value of a key, if there is one.
    mutating func changeKnown<Result>(_ key: Key, _ body: (inout Value) -> Result) -> Result? {
        if let index = recent.values.index(forKey: key) { return Self.change(&recent.values.values[index], &recent.heldByteCount, body) }
        return older.take(key).map { change(key, default: $0, body) }
    }

    private static func change<Result>(_ value: inout Value, _ heldByteCount: inout Int, _ body: (inout Value) -> Result) -> Result {
        let before = value.byteCount
        defer { heldByteCount += value.byteCount - before }
        return body(&value)
    }

    mutating func remove(_ key: Key) -> Value? { recent.take(key) ?? older.take(key) }

    private mutating func insert(_ key: Key, _ value: Value) {
        if recent.values.count * Self.entryByteCount + recent.heldByteCount >= generationByteLimit {
            evictedCount += older.values.count
            older = recent
            recent = Generation()
        }
        recent.heldByteCount += value.byteCount
        recent.values[key] = value
    }
}
