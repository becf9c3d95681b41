// swift-tools-version: 6.2
import PackageDescription

// Targets for libFuzzer; Scripts/fuzz builds and runs them.
let fuzzed: [SwiftSetting] = [.unsafeFlags(["-parse-as-library"])]

let package = Package(
    name: "fuzzing",
    platforms: [.macOS(.v26)],
    dependencies: [.package(name: "wirelark", path: "../..")],
    targets: [
        .executableTarget(name: "fuzz-frames", dependencies: [.product(name: "Dissection", package: "wirelark")], swiftSettings: fuzzed),
        .executableTarget(name: "fuzz-filters", dependencies: [.product(name: "Dissection", package: "wirelark")], swiftSettings: fuzzed),
    ],
    swiftLanguageModes: [.v6]
)
