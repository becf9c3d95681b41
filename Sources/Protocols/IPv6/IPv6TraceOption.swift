import Dissection
import Wire

/// The in-situ OAM option (RFC 9486, section 3) and the trace data in it (RFC 9197, section 4.4).
struct IPv6TraceOption: Sendable {
    private let reserved, optionType: FieldID
    private let invalidLength: ExpertID

    init(_ invalidLength: ExpertID, registering r: inout Registrar) {
        self.invalidLength = invalidLength
        reserved = r.field("ipv6.opt.ioam.rsv", "Reserved", .uint8, .decimal)
        optionType = r.field("ipv6.opt.ioam.opt_type", "Option-Type", .uint8, .decimal, strings: Self.names)
    }

    private static let names = ValueStrings([
        (0, "Pre-allocated Trace"), (1, "Incremental Trace"), (2, "Proof of Transit"), (3, "Edge to Edge"),
    ])

    func dissect(_ option: IPv6Options.Option, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try context.uint8(reserved, &reader)
        try context.uint8(optionType, &reader)
    }
}
