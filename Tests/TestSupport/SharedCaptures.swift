import Foundation
import Testing

/// Captures of other projects, which lie beside the package where it is developed and are no part of it.
public enum SharedCaptures {
    public static let directory = PackageRoot.url.deletingLastPathComponent().appending(path: "shared").resolvingSymlinksInPath()
    public static let isPresent = FileManager.default.fileExists(atPath: directory.path)
    public static let absence: Comment = "there is no ../shared with captures to read"

    /// All files below, sorted by path.
    public static let paths: [String] = {
        guard let walk = FileManager.default.enumerator(at: directory, includingPropertiesForKeys: [.isRegularFileKey])
        else { return [] }
        return walk.compactMap { ($0 as? URL)?.path }.filter { path in
            var isDirectory: ObjCBool = false
            return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && !isDirectory.boolValue
        }.sorted()
    }()

    /// The files that a list below names, one a line.
    public static func paths(listedIn list: String) throws -> [String] {
        try String(contentsOf: directory.appending(path: list), encoding: .utf8).split(separator: "\n").map {
            directory.appending(path: list).deletingLastPathComponent().appending(path: String($0)).path
        }
    }
}
