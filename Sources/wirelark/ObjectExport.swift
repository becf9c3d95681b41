import Analysis
import Dissection

/// `--export-objects http,DIR`: what was fetched in a capture, each in a file.
final class ObjectExport {
    /// The protocols whose objects can be written.
    private static let protocols = ["http"]

    private var objects: HTTPObjects
    let directory: ObjectDirectory

    var wants: PlanWants { PlanWants(fields: objects.wantedFields) }

    /// - Parameter argument: a protocol and a directory with a comma between.
    init(_ argument: String, _ registry: Registry) throws(CommandError) {
        let parts = argument.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[1].isEmpty else {
            throw .usage("\"--export-objects \(argument)\" doesn't follow the template \"--export-objects protocol,directory\".")
        }
        guard Self.protocols.contains(String(parts[0])) else {
            throw .usage("Objects of \"\(parts[0])\" can't be exported; the protocols are \(Self.protocols.joined(separator: ", ")).")
        }
        objects = HTTPObjects(registry)
        directory = try ObjectDirectory(String(parts[1]))
    }

    /// Writes the objects that the frame at hand completes.
    func take(_ context: borrowing Context) throws(CommandError) {
        var failure: CommandError?
        objects.take(context.dissected) { name, content in
            guard failure == nil else { return }
            do throws(CommandError) { try directory.write(content, name) } catch { failure = error }
        }
        if let failure { throw failure }
    }
}
