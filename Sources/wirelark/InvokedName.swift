/// The peers' commands, as which this one acts when it is invoked under their names.
enum InvokedName {
    private static let subcommands = ["capinfos": "info", "dumpcap": "dumpcap", "editcap": "edit", "mergecap": "merge"]

    /// The arguments behind the command's name, with a subcommand in front where the name stands for one.
    static func arguments(_ all: [String]) -> [String] {
        let arguments = Array(all.dropFirst())
        guard let name = all.first?.split(separator: "/").last, let subcommand = subcommands[String(name)] else { return arguments }
        return [subcommand] + arguments
    }
}
