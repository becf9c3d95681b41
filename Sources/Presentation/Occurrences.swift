import Dissection
import Wire

/// The items of a frame that chosen columns show, in order, without memory of their own for each frame.
struct Occurrences {
    /// By field: the first of the links to its columns, -1 for none.
    private let firstLink: [Int32]
    private let links: [(column: Int, next: Int32)]
    private var entries: [(item: Int, next: Int)] = []
    /// By column: the first and the last of its entries, -1 for none.
    private var heads: [Int]
    private var tails: [Int]

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
            var link = firstLink[Int(frame.item(index).field.rawValue)]
            while link >= 0 {
                let column = links[Int(link)].column
                link = links[Int(link)].next
                if heads[column] < 0 { heads[column] = entries.count } else { entries[tails[column]].next = entries.count }
                tails[column] = entries.count
                entries.append((index, -1))
            }
        }
    }

    /// Hands on the values of a column, one after the other, in memory that the next one takes.
    func forEachValue(
        _ column: Int, _ formats: FieldFormats, _ frame: borrowing DissectedFrame, _ scratch: Scratch, _ body: (_ isFirst: Bool, ByteView) -> Void
    ) {
        var entry = first(column)
        var isFirst = true
        while let current = entry {
            scratch.text.truncate()
            formats.appendFieldValue(frame.item(item(current)), frame, to: &scratch.text)
            body(isFirst, scratch.text.bytes)
            isFirst = false
            entry = next(current)
        }
    }

    func first(_ column: Int) -> Int? { heads[column] < 0 ? nil : heads[column] }
    func last(_ column: Int) -> Int? { tails[column] < 0 ? nil : tails[column] }
    func next(_ entry: Int) -> Int? { entries[entry].next < 0 ? nil : entries[entry].next }
    /// The index of the entry's item in the frame's tree.
    func item(_ entry: Int) -> Int { entries[entry].item }
}
