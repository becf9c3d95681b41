/// Takes apart what getopt allows to be written together: `-nr file`, `-nV`, `-c5`, `-Tfields`.
enum ShortOptions {
    /// The one-letter options that take a value.
    private static let lettersWithValue = Set("rcNdotTeEOfYzRwFujJGiaKXCHWMUsSByabZ")
    /// Those of dumpcap, of which some are others' flags.
    private static let dumpcapLettersWithValue = Set("ifsBycabwNCkZ")

    /// Commands that walk their options themselves.
    private static let selfWalkingCommands: Set<String> = ["info", "edit", "merge"]

    /// Whether the option, "-x", takes a value.
    static func takesValue(_ option: String) -> Bool {
        option.count == 2 && option.hasPrefix("-") && lettersWithValue.contains(option[option.index(after: option.startIndex)])
    }

    /// The options among separated arguments, without their values.
    static func names(_ arguments: [String]) -> Set<String> {
        var names: Set<String> = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if takesValue(argument) { _ = rest.popFirst() }
            names.insert(String(argument.prefix { $0 != "=" }))
        }
        return names
    }

    static func separated(_ arguments: [String]) -> [String] {
        if let command = arguments.first, selfWalkingCommands.contains(command) { return arguments }
        let lettersWithValue = arguments.first == DumpcapCommand.configuration.commandName ? dumpcapLettersWithValue : lettersWithValue
        var result: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("-"), argument.count > 1, !argument.hasPrefix("--") else {
                result.append(argument)
                if argument == "--" { break }
                continue
            }
            var letters = argument.dropFirst()
            while let letter = letters.popFirst() {
                guard lettersWithValue.contains(letter) else {
                    result.append("-\(letter)")
                    continue
                }
                guard let value = letters.isEmpty ? rest.popFirst() : String(letters) else { return result + ["-\(letter)"] }
                // What begins with three dashes is no value to the parser that stands by itself.
                result += value.hasPrefix("---") ? ["-\(letter)=\(value)"] : ["-\(letter)", value]
                break
            }
        }
        return result + rest
    }
}
