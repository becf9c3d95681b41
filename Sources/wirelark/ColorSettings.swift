import DisplayFilter
import Presentation

/// The rules of `--color`.
enum ColorSettings {
    /// The rules of the file that the user names, or of the user's own, or those that are built in; nil where no colours are asked for.
    /// A file of the user's may have rules about what is not here: they are passed over.
    static func rules(_ options: OutputOptions, filter: (String) throws(FilterError) -> DisplayFilter) throws(CommandError) -> ColorRules? {
        guard options.isColored || options.colorRules != nil else { return nil }
        guard let path = options.colorRules else {
            let own = Environment.configurationDirectory.flatMap { Environment.text(ofFile: "\($0)/colorfilters") }
            return ColorRules(parsing: own ?? ColorRules.standard, filter: filter)
        }
        guard let text = Environment.text(ofFile: path) else { throw .failure("The file \"\(path)\" with colour rules could not be read.") }
        let rules = ColorRules(parsing: text, filter: filter)
        if let problem = rules.problems.first { throw .failure("Line \(problem.line) of the colour rules in \"\(path)\" isn't valid: \(problem.reason)") }
        return rules
    }
}
