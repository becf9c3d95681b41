/// Walks arguments as getopt_long does: letters in clusters, values attached or in the next argument, operands in between.
struct OptionWalk {
    enum Step {
        case letter(Character)
        case letterValue(Character, String)
        case name(String)
        case nameValue(String, String)
        case operand(String)
    }

    private let lettersWithValue: Set<Character>
    private let namesWithValue: Set<String>
    private var rest: ArraySlice<String>
    private var cluster: Substring = ""
    private var onlyOperandsFollow = false

    init(_ arguments: [String], lettersWithValue: String = "", namesWithValue: Set<String> = []) {
        rest = arguments[...]
        self.lettersWithValue = Set(lettersWithValue)
        self.namesWithValue = namesWithValue
    }

    mutating func next() throws(CommandError) -> Step? {
        if let letter = cluster.popFirst() { return try step(letter) }
        guard let argument = rest.popFirst() else { return nil }
        guard !onlyOperandsFollow, argument.hasPrefix("-"), argument.count > 1 else { return .operand(argument) }
        guard argument.hasPrefix("--") else {
            cluster = argument.dropFirst()
            return try next()
        }
        guard argument != "--" else {
            onlyOperandsFollow = true
            return try next()
        }
        return try step(name: argument.dropFirst(2))
    }

    private mutating func step(_ letter: Character) throws(CommandError) -> Step {
        guard lettersWithValue.contains(letter) else { return .letter(letter) }
        let attached = String(cluster)
        cluster = ""
        guard let value = attached.isEmpty ? rest.popFirst() : attached else { throw .usage("The option \"-\(letter)\" needs a value.") }
        return .letterValue(letter, value)
    }

    private mutating func step(name: Substring) throws(CommandError) -> Step {
        let parts = name.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard namesWithValue.contains(parts[0]) else {
            guard parts.count == 1 else { throw .usage("The option \"--\(parts[0])\" takes no value.") }
            return .name(parts[0])
        }
        guard let value = parts.count > 1 ? parts[1] : rest.popFirst() else { throw .usage("The option \"--\(parts[0])\" needs a value.") }
        return .nameValue(parts[0], value)
    }
}

extension OptionWalk.Step {
    /// What is not known, as the user wrote it.
    var unknown: CommandError {
        switch self {
        case .letter(let letter), .letterValue(let letter, _): .usage("There is no option \"-\(letter)\".")
        case .name(let name), .nameValue(let name, _): .usage("There is no option \"--\(name)\".")
        case .operand(let text): .usage("\"\(text)\" is not expected here.")
        }
    }
}
