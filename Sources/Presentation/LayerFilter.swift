import Dissection

/// Which parts of trees are printed: `-j` and `-J`. Of the others only their name is.
public struct LayerFilter: Sendable {
    private let names: Set<String>
    /// Whether all that stands under a part that is printed is printed too.
    private let includesChildren: Bool

    /// - Parameter names: fields and protocols with blanks between: `ip ip.flags text`.
    public init(_ names: String, includesChildren: Bool) {
        self.names = Set(names.split { $0 == " " || $0 == "," }.map(String.init))
        self.includesChildren = includesChildren
    }

    func shows(_ item: Item, _ registry: Registry) -> Bool { names.contains(item.field == .text ? "text" : registry[item.field].abbreviation) }

    /// What holds for the items under one that is shown; nil where all are shown.
    var below: LayerFilter? { includesChildren ? nil : self }
}
