import TestSupport
import Testing

/// What each target may import: nothing else. Design and Package.swift say the same; a new line here is a decision.
private let allowedImports: [String: Set<String>] = [
    "Wire": [],
    "Threading": [],
    "Codecs": ["Wire", "CZlib", "CZstd", "CLZ4", "CBrotli"],
    "CaptureFile": ["Wire", "Codecs"],
    "CaptureTools": ["Wire", "CaptureFile", "Crypto"],
    "Registries": ["Wire", "CRegistryData"],
    "Dissection": ["Wire", "Synchronization"],
    "Streams": ["Wire", "Collections"],
    "Protocols": ["Wire", "Registries", "Dissection", "Streams", "Codecs", "Crypto"],
    "DisplayFilter": ["Wire", "Dissection", "CPCRE2"],
    "Capture": ["Wire", "Threading", "CaptureFile", "CPcap", "CShims", "Synchronization"],
    "Analysis": ["Wire", "CaptureFile", "Codecs", "Registries", "Dissection", "Streams", "Protocols", "DisplayFilter"],
    "Presentation": ["Wire", "Registries", "Dissection", "DisplayFilter"],
    "TableView": ["Wire", "Dissection", "Analysis", "Presentation", "CNcurses"],
    "Replay": ["Wire", "CaptureFile", "Dissection", "Streams", "Protocols", "DisplayFilter", "Analysis", "Yams"],
    "ReplayReactor": ["Wire", "Replay", "NIOCore", "NIOPosix", "NIOEmbedded", "NIOSSL"],
    "wirelark": [
        "Wire", "CaptureFile", "CaptureTools", "Registries", "Dissection", "Protocols", "DisplayFilter", "Capture", "Analysis", "Presentation",
        "TableView", "Replay", "ReplayReactor", "Threading", "CShims", "ArgumentParser", "Synchronization",
    ],
    "capture-generator": ["Wire"],
]

/// The system's C library and Foundation, only where a file needs them.
private let platformImports: [String: Set<String>] = [
    "Sources/CaptureFile/CaptureFileError.swift": ["Glibc", "Darwin"],
    "Sources/Capture/CaptureClock.swift": ["Glibc", "Darwin"],
    "Sources/Capture/CaptureDevice.swift": ["Glibc", "Darwin"],
    "Sources/Capture/DeviceSource.swift": ["Glibc", "Darwin"],
    "Sources/Capture/OperatingSystem.swift": ["Glibc", "Darwin"],
    "Sources/Capture/PrinterFeed.swift": ["Glibc", "Darwin"],
    "Sources/Capture/RecordingFile.swift": ["Glibc", "Darwin"],
    "Sources/Capture/RecordingSeries.swift": ["Glibc", "Darwin"],
    "Sources/Capture/StreamSource.swift": ["Glibc", "Darwin"],
    "Sources/wirelark/Confinement.swift": ["Glibc", "Darwin"],
    "Sources/wirelark/CountsRequest.swift": ["Glibc", "Darwin"],
    "Sources/wirelark/FinishedNames.swift": ["Glibc", "Darwin"],
    "Sources/wirelark/PrinterProcess.swift": ["Glibc", "Darwin"],
    "Sources/wirelark/Privileges.swift": ["Glibc", "Darwin"],
    "Sources/wirelark/StandardError.swift": ["Glibc", "Darwin"],
    "Sources/CaptureFile/DescriptorWriting.swift": ["Glibc", "Darwin"],
    "Sources/CaptureFile/OutputFile.swift": ["Glibc", "Darwin"],
    "Sources/CaptureFile/FileDescriptor.swift": ["Glibc", "Darwin"],
    "Sources/wirelark/Environment.swift": ["Glibc", "Darwin"],
    "Sources/wirelark/Interruption.swift": ["Glibc", "Darwin"],
    "Sources/wirelark/HostNames.swift": ["Glibc", "Darwin"],
    "Sources/wirelark/TsharkCommand.swift": ["Glibc", "Darwin"],
    "Sources/wirelark/LocalTime.swift": ["Glibc", "Darwin"],
    "Sources/Threading/Monitor.swift": ["Glibc", "Darwin"],
    "Sources/wirelark/ObjectDirectory.swift": ["Glibc", "Darwin"],
    "Sources/wirelark/Output.swift": ["Glibc", "Darwin"],
    "Sources/Threading/Threads.swift": ["Glibc", "Darwin"],
    "Sources/wirelark/Progress.swift": ["Glibc", "Darwin"],
    "Sources/wirelark/StateReport.swift": ["Glibc", "Darwin"],
    "Sources/wirelark/Spool.swift": ["Glibc", "Darwin"],
    "Sources/wirelark/SpooledInput.swift": ["Glibc", "Darwin"],
    "Sources/wirelark/Wirelark.swift": ["Glibc", "Darwin"],
    "Sources/capture-generator/main.swift": ["Foundation"],
]

/// Modules that no more than one file may import.
private let singleFileImports: Set<String> = ["CNcurses", "CPCRE2"]

@Suite struct ImportTests {
    private static let imports: [(path: String, module: String)] = PackageRoot.files(below: "Sources", suffix: ".swift").flatMap { path in
        let text = (try? PackageRoot.text(path)) ?? ""
        let pattern = /(?m)^\s*(?:@\w+\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|func|let|var|protocol|typealias)\s+)?(\w+)/
        return text.matches(of: pattern).map { (path, String($0.1)) }
    }

    private static func target(of path: String) -> String { String(path.split(separator: "/")[1]) }

    @Test func thereAreImportsToCheck() { #expect(Self.imports.count > 50) }

    @Test func everyTargetIsInTheTable() {
        let targets = Set(PackageRoot.files(below: "Sources", suffix: ".swift").map(Self.target))
        #expect(targets.subtracting(allowedImports.keys).isEmpty)
    }

    @Test func importsAreInTheTable() {
        for (path, module) in Self.imports {
            let allowed = allowedImports[Self.target(of: path), default: []].union(platformImports[path, default: []])
            #expect(allowed.contains(module), "\(path) imports \(module)")
        }
    }

    @Test func platformImportsAreNeeded() {
        for (path, modules) in platformImports {
            #expect(Self.imports.contains { $0.path == path && modules.contains($0.module) }, "\(path) no longer needs its exception")
        }
    }

    @Test(arguments: singleFileImports) func oneFileImports(module: String) {
        #expect(Self.imports.filter { $0.module == module }.count <= 1)
    }
}
