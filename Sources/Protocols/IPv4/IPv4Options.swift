import Dissection
import Wire

/// The options of an IPv4 header (RFC 791, section 3.1).
struct IPv4Options: Sendable {
    init(registering r: inout Registrar) {}

    /// Decodes the options between the fixed header and the payload.
    func dissect(_ layer: Reader, _ headerByteCount: Int, _ top: ItemRef, _ context: inout Context) throws(DissectionError) {}
}
