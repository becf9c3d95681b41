import Analysis
import ArgumentParser
import CaptureFile
import Dissection
import Presentation
import Protocols
import Wire

/// `wirelark read`: dissects a saved capture and prints it.
struct Read: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Dissect a saved capture and print it.")

    @Option(name: .customShort("r"), help: "The capture file; - is standard input.") var file: String?
    @Argument(help: "The capture file.") var path: String?
    @Option(name: .customShort("c"), help: "Stop after this many packets.") var count: Int?
    @Flag(name: .customShort("n"), help: "Show no names for addresses.") var noNames = false
    @Flag(name: .customShort("2"), help: "Read twice.") var twoPasses = false
    @Flag(name: .customShort("V"), help: "Print the tree.") var tree = false
    @Option(name: .customShort("T"), help: "text, tabs, fields, json or pdml.") var type = "text"
    @Flag(name: .customShort("x")) var hex = false
    @Option(name: .customShort("e")) var fields: [String] = []

    func run() throws {
        var registrar = Registrar()
        registerAllProtocols(&registrar)
        let registry = try registrar.freeze()
        let formats = FieldFormats(registry)
        let wantsTree = tree || type == "json" || type == "pdml"
        let plan = wantsTree ? Plan.everything(registry, columns: false) : Plan(registry, fields: [], labels: false, columns: true)
        let name = file ?? path ?? "-"
        var session: Session
        if twoPasses {
            let pass = try FirstPass(registry, reader: CaptureReader(path: name), resolution: NameResolution(), limit: count.map { UInt32($0) })
            session = pass.session(reader: try CaptureReader(path: name), plan: plan)
        } else {
            session = Session(registry, reader: try CaptureReader(path: name), plan: plan, resolution: NameResolution())
        }
        var out = Output()
        switch (type, tree) {
        case ("pdml", _): try loop(&session, PDMLPrinter(formats, captureFile: file ?? ""), &out)
        case ("json", _): try loop(&session, JSONPrinter(formats), &out)
        case ("tabs", _): try loop(&session, SummaryPrinter(formats, separator: .tab), &out)
        case (_, true): try loop(&session, TreePrinter(formats), &out)
        default: try loop(&session, SummaryPrinter(formats), &out)
        }
    }

    private func loop(_ session: inout Session, _ printer: consuming some PacketPrinter, _ out: inout Output) throws {
        var printer = printer
        printer.begin(&out.text)
        while try session.next() {
            printer.print(session.context, &out.text)
            session.noteDisplayed()
            out.flushIfFull()
            if let count, session.context.frame.number >= UInt32(count) { break }
        }
        printer.end(&out.text)
        out.flush()
    }
}
