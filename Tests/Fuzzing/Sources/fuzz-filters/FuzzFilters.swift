import Dissection
import DisplayFilter
import Protocols

/// Parses, checks, explains and completes display filters of any text; nothing is to trap.
nonisolated(unsafe) private var registry: Registry? = {
    var registrar = Registrar()
    registerAllProtocols(&registrar)
    return try? registrar.freeze()
}()

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard let registry else { return 0 }
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    do {
        _ = try DisplayFilter(text, registry: registry)
        _ = try FieldExpression(text, registry: registry)
    } catch {
        _ = error.marked(in: text)
    }
    _ = FilterCompletion.completions(of: text, at: text.utf8.count, registry)
    return 0
}
