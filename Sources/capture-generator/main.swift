// capture-generator --seed 1 --bytes 100MB OUT
// capture-generator --seed 1 --packets 10000000 --flows 1000000 OUT
//
// Writes a capture of made-up but realistic traffic, the same bytes for the same seed: the input of Scripts/bench. The second
// form makes very many short flows with losses, for Scripts/nightly. OUT may be -, the standard output.

import Foundation

struct Options {
    var seed: UInt64 = 1
    var byteCount = 100_000_000
    /// Packets and flows of the second form.
    var packetCount: Int?
    var flowCount: Int?
    var path: String?

    init?(arguments: [String]) {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--seed":
                guard let value = rest.popFirst().flatMap({ UInt64($0) }) else { return nil }
                seed = value
            case "--bytes":
                guard let value = rest.popFirst().flatMap(Self.byteCount(of:)) else { return nil }
                byteCount = value
            case "--packets":
                guard let value = rest.popFirst().flatMap({ Int($0) }), value > 0 else { return nil }
                packetCount = value
            case "--flows":
                guard let value = rest.popFirst().flatMap({ Int($0) }), value > 0 else { return nil }
                flowCount = value
            default:
                guard path == nil, !argument.hasPrefix("-") || argument == "-" else { return nil }
                path = argument
            }
        }
    }

    /// "100MB", "1GB", "64KB" or a plain number of bytes.
    static func byteCount(of text: String) -> Int? {
        let units = [("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000)]
        guard let (suffix, factor) = units.first(where: { text.hasSuffix($0.0) }) else { return Int(text) }
        guard let product = Int(text.dropLast(suffix.count))?.multipliedReportingOverflow(by: factor),
            !product.overflow
        else { return nil }
        return product.partialValue
    }
}

guard let options = Options(arguments: Array(CommandLine.arguments.dropFirst())), let path = options.path else {
    FileHandle.standardError.write(Data("usage: capture-generator [--seed NUMBER] [--bytes SIZE | --packets NUMBER --flows NUMBER] OUT\n".utf8))
    exit(2)
}
guard let file = path == "-" ? .standardOutput : FileManager.default.createFile(atPath: path, contents: nil) ? FileHandle(forWritingAtPath: path) : nil else {
    FileHandle.standardError.write(Data("Cannot create \(path): choose a folder that exists and can be written.\n".utf8))
    exit(1)
}
do {
    var writer = CaptureWriter { try file.write(contentsOf: Data($0)) }
    if let packetCount = options.packetCount {
        var traffic = LiveTraffic(seed: options.seed)
        try traffic.run(into: &writer, packetCount: packetCount, flowCount: options.flowCount ?? max(1, packetCount / 10))
    } else {
        var scheduler = Scheduler(seed: options.seed)
        try scheduler.run(into: &writer, byteCount: options.byteCount)
    }
    try file.close()
} catch {
    FileHandle.standardError.write(Data("Cannot write \(path), perhaps the disk is full: \(error)\n".utf8))
    exit(1)
}
