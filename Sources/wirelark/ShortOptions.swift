/// Takes apart what getopt allows to be written together: `-nr file`, `-nV`, `-c5`, `-Tfields`.
enum ShortOptions {
    /// The one-letter options that take a value.
    private static let lettersWithValue = Set("rcNdotTeEOfYzRwFujJGiaKXCHWM")

    /// Commands that walk their options themselves.
    private static let selfWalkingCommands: Set<String> = ["info", "edit", "merge"]

    static func separated(_ arguments: [String]) -> [String] {
        if let command = arguments.first, selfWalkingCommands.contains(command) { return arguments }
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
                result.append("-\(letter)")
                guard lettersWithValue.contains(letter) else { continue }
                if !letters.isEmpty { result.append(String(letters)) } else if let value = rest.popFirst() { result.append(value) }
                break
            }
        }
        return result + rest
    }
}
