import DisplayFilter

/// The user's display-filter macros, where Wireshark keeps them.
enum FilterMacroFile {
    /// The filter with the macros replaced.
    static func expand(_ text: String) throws(CommandError) -> String {
        guard text.contains("$"), let macros = read() else { return text }
        do {
            return try macros.expand(text)
        } catch {
            throw .failure("\(error)\n\(error.marked(in: text))")
        }
    }

    private static func read() -> FilterMacros? {
        guard let directory = Environment.configurationDirectory else { return nil }
        return Environment.text(ofFile: "\(directory)/dfilter_macros").map { FilterMacros(parsing: $0) }
    }
}
