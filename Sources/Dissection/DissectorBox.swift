/// A dissector behind virtual calls: an existential would be copied before each.
class DissectorBox: @unchecked Sendable {
    /// Decodes a layer; returns the error that ended it, if one did.
    func dissect(_ reader: inout Reader, _ context: inout Context) -> DissectionError? { preconditionFailure("a box without a dissector") }
    func recognizes(_ reader: Reader, _ context: borrowing Context) -> Bool { false }

    var runsOverStream: Bool { false }
    var showsPDUByteCount: Bool { false }
    var takesIncomplete: Bool { false }
    /// What is no stream protocol takes whatever comes.
    func pduEnd(_ reader: Reader, _ stream: StreamPosition, _ context: inout Context) -> PDUEnd { .at(reader.remaining) }
    func mayRecognize(_ reader: Reader) -> Bool { false }
    func describeIncomplete(_ reader: Reader, _ context: inout Context) {}
}

/// ## Safety
/// Sendable as the dissector is, which never changes.
class FilledDissectorBox<Concrete: Dissector>: DissectorBox, @unchecked Sendable {
    fileprivate let dissector: Concrete

    init(_ dissector: Concrete) { self.dissector = dissector }

    override func dissect(_ reader: inout Reader, _ context: inout Context) -> DissectionError? {
        do throws(DissectionError) {
            try dissector.dissect(&reader, &context)
            return nil
        } catch {
            return error
        }
    }

    override func recognizes(_ reader: Reader, _ context: borrowing Context) -> Bool { dissector.recognizes(reader, context) }
}

/// ## Safety
/// Sendable as the dissector is, which never changes.
final class StreamDissectorBox<Concrete: StreamDissector>: FilledDissectorBox<Concrete>, @unchecked Sendable {
    override var runsOverStream: Bool { true }
    override var showsPDUByteCount: Bool { dissector.showsPDUByteCount }
    override var takesIncomplete: Bool { dissector.takesIncomplete }

    override func pduEnd(_ reader: Reader, _ stream: StreamPosition, _ context: inout Context) -> PDUEnd {
        dissector.pduEnd(reader, stream, &context)
    }

    override func mayRecognize(_ reader: Reader) -> Bool { dissector.mayRecognize(reader) }

    override func describeIncomplete(_ reader: Reader, _ context: inout Context) { dissector.describeIncomplete(reader, &context) }
}
