import Dissection

/// A display filter: tells from a dissected frame whether it is to be shown.
///
/// The language is Wireshark's: presence of fields and protocols, comparisons with literals and between fields, and, or,
/// not. `==` holds if some value of the field is equal, `!=` if there is a value and none is.
public struct DisplayFilter: Sendable {
    /// The filter as it was given.
    public let text: String
    private let program: FilterProgram?

    /// - Parameter universalSeconds: seconds since 1970-01-01 00:00:00 UTC for those of local time, for times in the filter.
    public init(
        _ text: String, registry: Registry, universalSeconds: @escaping @Sendable (_ local: Int64) -> Int64 = { $0 }
    ) throws(FilterError) {
        self.text = text
        guard let tree = try FilterParser.parse(text) else {
            program = nil
            return
        }
        let literals = Literals(times: TimeLiterals(universalSeconds: universalSeconds))
        let checked = try FilterChecker(registry, literals).check(tree)
        program = FilterProgram(checked, fieldCount: registry.fields.count)
    }

    /// What the filter looks at: a plan that wants these gives it what it needs.
    public var fields: Set<FieldID> { program?.fields ?? [] }

    /// Whether the frame passes. A filter without a test passes every frame.
    public func matches(_ frame: borrowing DissectedFrame) -> Bool { program?.matches(frame) ?? true }
}
