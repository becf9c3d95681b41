import Dissection
import Wire

/// A dissector whose work is a closure, for tests.
struct Closure: Dissector {
    var recognize: @Sendable (Reader) -> Bool = { _ in true }
    let body: @Sendable (inout Reader, inout Context) -> DissectionError?

    func recognizes(_ reader: Reader, _ context: borrowing Context) -> Bool { recognize(reader) }

    func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        if let error = body(&reader, &context) { throw error }
    }
}

/// Runs a read and says what it threw.
func failure(_ body: () throws(DissectionError) -> Void) -> DissectionError? {
    do throws(DissectionError) {
        try body()
        return nil
    } catch {
        return error
    }
}

/// A context over bytes, with a plan for every field.
func withContext<Result>(
    _ registry: Registry, _ bytes: [UInt8] = [0, 1, 2, 3, 4, 5, 6, 7], plan: Plan? = nil, body: (inout Context, Reader) throws -> Result
) rethrows -> Result {
    try bytes.withUnsafeBytes { buffer in
        var context = Context(registry, plan: plan ?? Plan.everything(registry, columns: true))
        context.begin(ByteView(buffer))
        return try body(&context, Reader(bytes: ByteView(buffer), source: 0, start: 0, reportedEnd: buffer.count))
    }
}

extension Context {
    /// The tree as one line an item: its name behind as many points as it is deep.
    var outline: [String] {
        (0..<itemCount).map { index in
            let item = item(index)
            return String(repeating: ".", count: Int(item.depth)) + (item.field == .text ? "(text)" : registry[item.field].abbreviation)
        }
    }

    /// The text that an item carries.
    func ownText(_ index: Int) -> String {
        dissected.labelText(item(index)).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }
}
