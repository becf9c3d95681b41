import Dissection

/// The items of a frame that chosen columns show, in order, without memory of their own for each frame.
struct Occurrences {
    private let columnsOfField: [[Int]]
    private var entries: [(item: Int, next: Int)] = []
    /// By column: the first and the last of its entries, -1 for none.
    private var heads: [Int]
    private var tails: [Int]

    init(_ columns: [FieldsPrinter.Column], fieldCount: Int) {
        var byField = [[Int]](repeating: [], count: fieldCount)
        for (position, column) in columns.enumerated() {
            if case .field(let fields) = column {
                for field in fields { byField[Int(field.rawValue)].append(position) }
            }
        }
        columnsOfField = byField
        heads = [Int](repeating: -1, count: columns.count)
        tails = heads
    }

    /// Chains the items of each column.
    mutating func collect(_ frame: borrowing DissectedFrame) {
        for column in heads.indices {
            heads[column] = -1
            tails[column] = -1
        }
        entries.removeAll(keepingCapacity: true)
        for index in 0..<frame.itemCount {
            for column in columnsOfField[Int(frame.item(index).field.rawValue)] {
                if heads[column] < 0 { heads[column] = entries.count } else { entries[tails[column]].next = entries.count }
                tails[column] = entries.count
                entries.append((index, -1))
            }
        }
    }

    func first(_ column: Int) -> Int? { heads[column] < 0 ? nil : heads[column] }
    func last(_ column: Int) -> Int? { tails[column] < 0 ? nil : tails[column] }
    func next(_ entry: Int) -> Int? { entries[entry].next < 0 ? nil : entries[entry].next }
    /// The index of the entry's item in the frame's tree.
    func item(_ entry: Int) -> Int { entries[entry].item }
}
