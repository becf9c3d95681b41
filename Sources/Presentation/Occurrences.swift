import Dissection
import DisplayFilter
import Wire

/// What chosen columns show of a frame, in order, without memory of their own for each frame.
struct Occurrences {
    /// By field: the first of the links to its columns, -1 for none.
    private let firstLink: [Int32]
    private let links: [(column: Int, next: Int32)]
    private let expressions: [(column: Int, expression: FieldExpression)]
    private var entries: [(shown: Shown, next: Int)] = []
    /// What the expressions come to.
    private var values: [FieldExpression.Value] = []
    /// By column: the first and the last of its entries, -1 for none.
    private var heads: [Int]
    private var tails: [Int]

    private enum Shown {
        /// The index of an item in the frame's tree.
        case item(Int)
        /// The index of a value of an expression.
        case value(Int)
    }

    init(_ columns: [FieldsPrinter.Column], fieldCount: Int) {
        var firstLink = [Int32](repeating: -1, count: fieldCount)
        var links: [(column: Int, next: Int32)] = []
        for (position, column) in columns.enumerated().reversed() {
            guard case .field(let fields) = column else { continue }
            for field in fields {
                links.append((position, firstLink[Int(field.rawValue)]))
                firstLink[Int(field.rawValue)] = Int32(links.count - 1)
            }
        }
        self.firstLink = firstLink
        self.links = links
        expressions = columns.enumerated().compactMap { position, column in
            if case .expression(let expression) = column { (position, expression) } else { nil }
        }
        heads = [Int](repeating: -1, count: columns.count)
        tails = heads
    }

    /// Chains what each column shows.
    mutating func collect(_ frame: borrowing DissectedFrame) {
        for column in heads.indices {
            heads[column] = -1
            tails[column] = -1
        }
        entries.removeAll(keepingCapacity: true)
        for index in 0..<frame.itemCount {
            var link = firstLink[Int(frame.item(index).field.rawValue)]
            while link >= 0 {
                let column = links[Int(link)].column
                link = links[Int(link)].next
                add(.item(index), to: column)
            }
        }
        values.removeAll(keepingCapacity: true)
        for (column, expression) in expressions {
            for value in expression.values(frame) {
                add(.value(values.count), to: column)
                values.append(value)
            }
        }
    }

    private mutating func add(_ shown: Shown, to column: Int) {
        if heads[column] < 0 { heads[column] = entries.count } else { entries[tails[column]].next = entries.count }
        tails[column] = entries.count
        entries.append((shown, -1))
    }

    /// Hands on the values of a column, one after the other, in memory that the next one takes.
    func forEachValue(
        _ column: Int, _ formats: FieldFormats, _ frame: borrowing DissectedFrame, _ scratch: Scratch, _ body: (_ isFirst: Bool, ByteView) -> Void
    ) {
        var entry = first(column)
        var isFirst = true
        while let current = entry {
            scratch.text.truncate()
            append(current, formats, frame, to: &scratch.text)
            body(isFirst, scratch.text.bytes)
            isFirst = false
            entry = next(current)
        }
    }

    func first(_ column: Int) -> Int? { heads[column] < 0 ? nil : heads[column] }
    func last(_ column: Int) -> Int? { tails[column] < 0 ? nil : tails[column] }
    func next(_ entry: Int) -> Int? { entries[entry].next < 0 ? nil : entries[entry].next }

    /// Writes what an entry shows, not made safe for terminals.
    func append(_ entry: Int, _ formats: FieldFormats, _ frame: borrowing DissectedFrame, to out: inout TextBuffer) {
        switch entries[entry].shown {
        case .item(let index): formats.appendFieldValue(frame.item(index), frame, to: &out)
        case .value(let index):
            switch values[index] {
            case .item(let item): formats.appendFieldValue(item, frame, to: &out)
            case .computed(let value): formats.append(value, to: &out)
            }
        }
    }
}
