import Dissection

/// A display filter: tells from a dissected frame whether it is to be shown.
///
/// The language is Wireshark's: presence of fields and protocols, comparisons, `contains`, `matches` and `in`, slices, layers and raw
/// bytes, arithmetic and functions, and, or, xor, not. `==` holds if some value of the field is equal, `!=` if there is a value and
/// none is.
public struct DisplayFilter: Sendable {
    /// The filter as it was given.
    public let text: String
    private var program: FilterProgram?
    /// nil for a filter without a test.
    let checked: CheckedFilter?

    public init(_ text: String, registry: Registry, in surroundings: FilterSurroundings = FilterSurroundings()) throws(FilterError) {
        self.text = text
        guard let tree = try FilterParser.parse(text) else {
            program = nil
            checked = nil
            return
        }
        let literals = Literals(surroundings, text: Array(text.utf8))
        let checked = try FilterChecker(registry, literals).check(tree)
        self.checked = checked
        program = FilterProgram(checked, fieldCount: registry.fields.count)
    }

    /// What the filter looks at: a plan that wants these gives it what it needs.
    public var fields: Set<FieldID> { program?.fields ?? [] }

    /// What a plan has to want so that the filter can be asked.
    public var wants: PlanWants { PlanWants(fields: fields, columns: program?.usesColumns ?? false) }

    /// The number that a field must have in every frame that passes, if the filter says so.
    public func requiredValue(of field: FieldID) -> UInt64? { checked?.requiredValue(of: field) }

    /// The steps of the program, one a line.
    func programLines(_ registry: Registry) -> [String] { program?.lines(registry) ?? [] }

    /// Takes what `${name}` stands for from a frame, usually the one that is selected. Without this it stands for nothing.
    public mutating func takeReferences(from frame: borrowing DissectedFrame, _ registry: Registry) {
        var values: [FieldID: [TypedValue]] = [:]
        for index in 0..<frame.itemCount {
            let item = frame.item(index)
            if let value = TypedValue(item, of: registry[item.field], frame) { values[item.field, default: []].append(value) }
        }
        program?.references = values
    }

    /// Whether the filter is without a test.
    public var isEmpty: Bool { program == nil }

    /// Whether the frame passes. A filter without a test passes every frame.
    public func matches(_ frame: borrowing DissectedFrame) -> Bool { program?.matches(frame) ?? true }
}
