import CPcap

extension BPFError {
    /// What libpcap has just said of `expression`, and the place that it doesn't say.
    init(_ expression: String, refusedBy handle: OpaquePointer) {
        self.init(expression: expression, message: String(cString: pcap_geterr(handle)))
        if message.contains(Self.syntaxError) { offset = Self.place(expression, handle) }
    }

    private static let syntaxError = "syntax error"
    /// What may stand behind the beginning of a filter: values and primitives, one of which fits wherever a filter can go on.
    private static let completions = ["", "1", "ip", "127.0.0.1", "2:0:0:0:0:1", "= 1", "1 = 1", "port 1", "host 127.0.0.1", "net 127", "proto 1", "1-2", "] = 1", ": 1] = 1"]
    /// Words that are tried: each costs some compilations, and who writes longer filters has them written by a program.
    private static let wordLimit = 200

    /// The character at which the first word begins up to which no filter can begin, or the end where one could go on there.
    private static func place(_ expression: String, _ handle: OpaquePointer) -> Int {
        for word in words(of: expression).prefix(wordLimit) where !canBegin(String(expression[..<word.upperBound]), handle) {
            return expression.distance(from: expression.startIndex, to: word.lowerBound)
        }
        return expression.count
    }

    /// Runs of characters between blanks, and each parenthesis.
    private static func words(of expression: String) -> [Range<String.Index>] {
        var words: [Range<String.Index>] = []
        var start: String.Index?
        for index in expression.indices {
            let isParenthesis = "()".contains(expression[index])
            if isParenthesis || expression[index].isWhitespace {
                if let begun = start { words.append(begun..<index) }
                start = nil
                if isParenthesis { words.append(index..<expression.index(after: index)) }
            } else if start == nil {
                start = index
            }
        }
        if let begun = start { words.append(begun..<expression.endIndex) }
        return words
    }

    private static func canBegin(_ beginning: String, _ handle: OpaquePointer) -> Bool {
        let open = beginning.reduce(0) { $0 + ($1 == "(" ? 1 : $1 == ")" ? -1 : 0) }
        let end = String(repeating: ")", count: max(0, open))
        return completions.contains { completion in
            var program = bpf_program()
            guard pcap_compile(handle, &program, "\(beginning) \(completion)\(end)", 0, .max) == 0 else {
                // A filter that makes no sense is one that could be read.
                return !String(cString: pcap_geterr(handle)).contains(syntaxError)
            }
            pcap_freecode(&program)
            return true
        }
    }
}
