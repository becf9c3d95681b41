import Dissection
import DisplayFilter
import Wire

/// What a column of the summary shows.
public enum ColumnContent: Sendable {
    /// Which layer an address is of.
    public enum AddressLayer: Sendable { case innermost, link, network }

    case number
    /// nil as `-t` says.
    case time(TimeStyle?)
    case source(AddressLayer, isResolved: Bool)
    case destination(AddressLayer, isResolved: Bool)
    case sourcePort, destinationPort
    case proto, length, info
    /// Bytes of all frames shown so far.
    case cumulativeByteCount
    /// The highest severity among the frame's expert items.
    case severity
    case fields(CustomColumn)
    /// The innermost of some fields that hold differentiated services codepoints.
    case serviceClass(Set<FieldID>)
    /// What no protocol here has: `%F`, a radio channel.
    case nothing
}

/// A column that shows fields' values, or an expression's: `%Cus:ip.proto:0:R`, `%Cus:ip.len - ip.hdr_len`.
public struct CustomColumn: Sendable {
    /// Fields by any of the names.
    public var fields: Set<FieldID>
    /// In place of fields.
    public var expression: FieldExpression?
    /// From 1; negative from the last one; 0 for all.
    public var occurrence: Int
    /// Whether values are shown by their names.
    public var isResolved: Bool
}

/// A column of the summary.
public struct SummaryColumn: Sendable {
    public var title: String
    public var content: ColumnContent

    public init(_ title: String, _ content: ColumnContent) {
        self.title = title
        self.content = content
    }

    /// What is shown unless the user asks for something else.
    public static let standard = [
        SummaryColumn("No.", .number), SummaryColumn("Time", .time(nil)), SummaryColumn("Source", .source(.innermost, isResolved: true)),
        SummaryColumn("Destination", .destination(.innermost, isResolved: true)), SummaryColumn("Protocol", .proto),
        SummaryColumn("Length", .length), SummaryColumn("Info", .info),
    ]

    /// What has to be wanted of frames so that the column can be shown.
    public func wants(_ registry: Registry) -> PlanWants {
        switch content {
        case .fields(let custom): (custom.expression?.wants ?? PlanWants()).union(PlanWants(fields: custom.fields, columns: true))
        case .serviceClass(let fields): PlanWants(fields: fields, columns: true)
        case .severity: PlanWants(fields: [registry.core.expertSeverity], columns: true, needs: .everything)
        default: PlanWants(columns: true)
        }
    }
}
