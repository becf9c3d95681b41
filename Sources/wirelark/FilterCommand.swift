import ArgumentParser
import Dissection
import DisplayFilter

/// `wirelark filter`: explains a display filter.
struct FilterCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "filter", abstract: "Explain a display filter: how it is understood, and what it needs.",
        usage: "wirelark filter 'tcp.port == 80 && http.request'")

    @OptionGroup(title: "Dissection") var dissection: DissectionOptions

    @Argument(parsing: .allUnrecognized, help: ArgumentHelp("The display filter.", valueName: "filter"), completion: .displayFilter) var words: [String]

    func run() throws {
        let registry = try ReadSettings.registry(dissection)
        let text = try FilterMacroFile.expand(words.joined(separator: " "))
        let explanation = try explain(text, registry)
        show("Filter", [text])
        show("Syntax tree", explanation.syntaxTree)
        show("Program", explanation.program)
        show("Fields", explanation.fields)
        show("Capture filter", [explanation.captureFilter ?? "none finds the same packets"])
    }

    private func explain(_ text: String, _ registry: Registry) throws(CommandError) -> FilterExplanation {
        do {
            return try FilterExplanation(text, registry: registry, in: FilterSurroundings(NameResolution()))
        } catch {
            throw .failure("\(error)\n\(error.marked(in: text))")
        }
    }

    private func show(_ title: String, _ lines: [String]) {
        print("\(title):")
        for line in lines { print("  \(line)") }
    }
}
