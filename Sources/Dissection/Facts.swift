/// Names the facts that one stateful layer leaves per frame.
public struct FactKey<Fact: Sendable>: Sendable {
    let index: Int
}

/// How a frame is run through the chain.
public enum Pass: Sendable {
    /// The only pass: trackers run, what they find is used at once and not kept.
    case only
    /// The first of two: trackers run, and their facts are kept.
    case first
    /// The second: no tracker runs, the kept facts are looked up, in any order of frames.
    case second
}

class AnyFactColumn {
    func drop(frame: UInt32) {}
}

/// The facts of one layer type, in the order of frames.
final class FactColumn<Fact: Sendable>: AnyFactColumn {
    var frames: [UInt32] = []
    var facts: [Fact] = []
    /// Whether the numbers are no frames'.
    var isByOtherNumber = false

    override func drop(frame: UInt32) {
        while !isByOtherNumber, frames.last == frame {
            frames.removeLast()
            facts.removeLast()
        }
    }

    /// The position of the first fact of a frame.
    func firstPosition(of frame: UInt32) -> Int {
        var low = 0
        var high = frames.count
        while low < high {
            let middle = (low + high) / 2
            if frames[middle] < frame { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// What pass 1 found out, by frame and layer. Written by the first pass only; read by any thread after it.
///
/// ## Safety
/// A key is the index of the column that its own registration made, so the column's type is the key's. The session that writes
/// ends its first pass before the store is handed to other threads.
public final class FactStore: @unchecked Sendable {
    private let columns: [AnyFactColumn]

    public init(_ registry: Registry) { columns = registry.factMakers.map { $0() } }

    func column<Fact>(_ key: FactKey<Fact>) -> FactColumn<Fact> { unsafeDowncast(columns[key.index], to: FactColumn<Fact>.self) }

    func keep<Fact>(_ key: FactKey<Fact>, _ fact: Fact, frame: UInt32) {
        let column = column(key)
        column.frames.append(frame)
        column.facts.append(fact)
    }

    func keep<Fact>(_ key: FactKey<Fact>, _ fact: Fact, at number: UInt32) {
        column(key).isByOtherNumber = true
        keep(key, fact, frame: number)
    }

    /// Forgets what the last frame left.
    func drop(frame: UInt32) {
        for column in columns { column.drop(frame: frame) }
    }

    func fact<Fact>(_ key: FactKey<Fact>, frame: UInt32, ordinal: Int) -> Fact? {
        let column = column(key)
        let position = column.firstPosition(of: frame) + ordinal
        guard position < column.frames.count, column.frames[position] == frame else { return nil }
        return column.facts[position]
    }

    func amend<Fact>(_ key: FactKey<Fact>, frame: UInt32, _ change: (inout Fact) -> Void) {
        let column = column(key)
        var position = column.firstPosition(of: frame)
        while position < column.frames.count, column.frames[position] == frame {
            change(&column.facts[position])
            position += 1
        }
    }
}
