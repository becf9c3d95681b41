/// Lines of a difference that are shown, at most.
private let shownLineLimit = 12

/// The first lines in which one text differs from another.
public func lineDifference(from saved: String, to text: String) -> String {
    let old = saved.split(separator: "\n", omittingEmptySubsequences: false)
    let new = text.split(separator: "\n", omittingEmptySubsequences: false)
    let changes = new.difference(from: old).sorted { ($0.offset, $0.isRemoval ? 0 : 1) < ($1.offset, $1.isRemoval ? 0 : 1) }
    var lines = changes.prefix(shownLineLimit).map { change in
        switch change {
        case .remove(let offset, let line, _): "\(offset + 1): - \(line)"
        case .insert(let offset, let line, _): "\(offset + 1): + \(line)"
        }
    }
    if changes.count > shownLineLimit { lines.append("… and \(changes.count - shownLineLimit) more lines") }
    return lines.joined(separator: "\n")
}

extension CollectionDifference.Change {
    fileprivate var offset: Int {
        switch self {
        case .insert(let offset, _, _), .remove(let offset, _, _): offset
        }
    }

    fileprivate var isRemoval: Bool {
        if case .remove = self { true } else { false }
    }
}
