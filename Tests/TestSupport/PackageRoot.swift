import Foundation

/// Places in the source tree, found from where this file was compiled.
public enum PackageRoot {
    public static let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    public static let fixtures = url.appending(path: "Fixtures/protocols", directoryHint: .isDirectory)

    /// A file's text, by its path in the package.
    public static func text(_ path: String) throws -> String {
        try String(contentsOf: url.appending(path: path), encoding: .utf8)
    }

    /// The paths, from the package's root, of all files below `folder` that end in `suffix`, sorted.
    public static func files(below folder: String, suffix: String) -> [String] {
        let names = FileManager.default.enumerator(atPath: url.appending(path: folder).path)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(suffix) }.sorted().map { folder + "/" + $0 }
    }
}
