import Dissection
import Registries
import Wire

/// Writes ports: as numbers, or where that is asked for with the names of their services.
struct PortNames: Sendable {
    typealias Source = @Sendable (UInt16) -> ByteView?
    /// nil where ports are numbers alone.
    private let name: Source?

    /// - Parameter name: of a port of the transport protocol.
    init(_ r: borrowing Registrar, _ name: @escaping Source) { self.name = r.namesPorts ? name : nil }

    /// Of a field: `http (80)`; a port without a name is its own.
    var label: ValueLabel? {
        guard name != nil else { return nil }
        return { [self] port, out in append(UInt16(truncatingIfNeeded: port), &out) }
    }

    /// `1000 → 53`, or `1000 → domain(53)`
    func appendInfo(_ source: UInt16, _ destination: UInt16, _ out: inout TextBuffer) {
        appendInfo(source, &out)
        out.append(" \u{2192} ")
        appendInfo(destination, &out)
    }

    /// `, Src Port: 1000, Dst Port: 53`
    func appendLabel(_ source: UInt16, _ destination: UInt16, _ out: inout TextBuffer) {
        out.append(", Src Port: ")
        append(source, &out)
        out.append(", Dst Port: ")
        append(destination, &out)
    }

    private func append(_ port: UInt16, _ out: inout TextBuffer) {
        guard let name else { return out.append(decimal: port) }
        if let text = name(port) { out.append(text) } else { out.append(decimal: port) }
        out.append(" (")
        out.append(decimal: port)
        out.append(")")
    }

    private func appendInfo(_ port: UInt16, _ out: inout TextBuffer) {
        guard let text = name?(port) else { return out.append(decimal: port) }
        out.append(text)
        out.append("(")
        out.append(decimal: port)
        out.append(")")
    }
}
