import ArgumentParser
import Dissection
import DisplayFilter
import Protocols

extension CompletionKind {
    /// Display filters and expressions: the name, value or sign at the end of what is typed is completed.
    static var displayFilter: CompletionKind {
        .custom { _, _, typed in
            var registrar = Registrar()
            registerAllProtocols(&registrar)
            guard let registry = try? registrar.freeze() else { return [] }
            return FilterShellCompletion.words(typed, registry)
        }
    }
}

enum FilterShellCompletion {
    /// The words that may stand in place of one, which begins with the quote that it stands in, if any.
    static func words(_ typed: String, _ registry: Registry) -> [String] {
        let quote = typed.prefix { $0 == "'" || $0 == "\"" }.prefix(1)
        let filter = String(typed.dropFirst(quote.count))
        let (replaced, found) = FilterCompletion.completions(of: filter, at: filter.utf8.count, registry)
        let kept = String(decoding: Array(filter.utf8)[..<replaced.lowerBound], as: UTF8.self)
        return found.map { quote + kept + $0.text }
    }
}
