// swift-tools-version: 6.2
import PackageDescription

// The targets and what each may import; Tests/ArchitectureTests holds every import line to this table.
let package = Package(
    name: "wirelark",
    platforms: [.macOS(.v26)],
    products: [
        .executable(name: "wirelark", targets: ["wirelark"]),
        .library(name: "CaptureFile", targets: ["CaptureFile"]),
        .library(name: "Dissection", targets: ["Dissection", "Protocols", "Analysis", "Presentation"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        // Only for tests, as other readers of the same certificates.
        .package(url: "https://github.com/apple/swift-asn1.git", exact: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates.git", exact: "1.21.1"),
    ],
    targets: [
        // System libraries.
        .systemLibrary(name: "CPcap", pkgConfig: "libpcap", providers: [.apt(["libpcap-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CLZ4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"])]),
        .systemLibrary(name: "CBrotli", pkgConfig: "libbrotlidec", providers: [.apt(["libbrotli-dev"])]),
        .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),

        // Bytes.
        .target(name: "Wire"),
        .target(name: "Threading"),
        .target(name: "Codecs", dependencies: ["Wire", "CZlib", "CZstd", "CLZ4", "CBrotli"]),
        .target(name: "CaptureFile", dependencies: ["Wire", "Codecs"]),

        // Names from the registries of IEEE and IANA; the bulk of them as C arrays.
        .target(name: "CRegistryData"),
        .target(name: "Registries", dependencies: ["Wire", "CRegistryData"]),

        // Dissection.
        .target(name: "Dissection", dependencies: ["Wire"]),
        .target(name: "Streams", dependencies: ["Wire"]),
        .target(
            name: "Protocols",
            dependencies: ["Wire", "Registries", "Dissection", "Streams", "Codecs", .product(name: "Crypto", package: "swift-crypto")]),
        .target(name: "DisplayFilter", dependencies: ["Wire", "Dissection", "CPCRE2"]),

        // Around it.
        .target(name: "CaptureTools", dependencies: ["Wire", "CaptureFile", .product(name: "Crypto", package: "swift-crypto")]),
        .target(name: "CShims"),
        .target(name: "Capture", dependencies: ["Wire", "Threading", "CaptureFile", "CPcap", "CShims"]),
        .target(
            name: "Analysis",
            dependencies: ["Wire", "CaptureFile", "Dissection", "Streams", "Protocols", "DisplayFilter"]),
        .target(name: "Presentation", dependencies: ["Wire", "Registries", "Dissection", "DisplayFilter"]),
        .executableTarget(
            name: "wirelark",
            dependencies: [
                "Wire", "Threading", "CaptureFile", "CaptureTools", "Dissection", "Protocols", "DisplayFilter", "CShims", "Capture", "Analysis",
                "Presentation", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            // The runtime within the executable starts faster than as a dozen shared libraries.
            linkerSettings: [
                .unsafeFlags(
                    ["-static-stdlib", "-l_FoundationCShims", "-l_FoundationCollections"], .when(platforms: [.linux], configuration: .release))
            ]),

        // The input of Scripts/bench; not for installing.
        .executableTarget(name: "capture-generator", dependencies: ["Wire"]),

        // Tests.
        .systemLibrary(
            name: "CBrotliEncoder", path: "Tests/CBrotliEncoder", pkgConfig: "libbrotlienc", providers: [.apt(["libbrotli-dev"])]),
        .target(
            name: "TestSupport",
            dependencies: ["Wire", "CaptureFile", "Dissection", "Protocols", "Analysis", "Presentation"],
            path: "Tests/TestSupport"),
        .testTarget(
            name: "ProtocolsTests", dependencies: ["TestSupport", "Wire", "Dissection", "Streams", "Protocols", "Presentation"],
            exclude: ["uncovered-fields.txt"]),
        .testTarget(
            name: "CertificateOracleTests",
            dependencies: [
                "TestSupport", "Wire", "Dissection", "Presentation", .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "X509", package: "swift-certificates"),
            ]),
        .testTarget(name: "ArchitectureTests", dependencies: ["TestSupport"]),
        .testTarget(name: "DissectionTests", dependencies: ["TestSupport", "Wire", "Dissection"]),
        .testTarget(name: "StreamsTests", dependencies: ["TestSupport", "Streams", "Wire"]),
        .testTarget(name: "WireTests", dependencies: ["Wire"]),
        .target(
            name: "CompressionSupport", dependencies: ["CZlib", "CZstd", "CLZ4", "CBrotliEncoder"], path: "Tests/CompressionSupport"),
        .testTarget(name: "CodecsTests", dependencies: ["Codecs", "Wire", "CompressionSupport"]),
        .testTarget(
            name: "CaptureFileTests", dependencies: ["TestSupport", "CaptureFile", "Codecs", "Wire", "CPcap", "CompressionSupport"]),
        .testTarget(name: "CaptureToolsTests", dependencies: ["TestSupport", "CaptureTools", "CaptureFile", "Wire"]),
        .testTarget(
            name: "AnalysisTests", dependencies: ["TestSupport", "Analysis", "CaptureFile", "Dissection", "DisplayFilter", "Wire"], exclude: ["filters.txt"]),
        .testTarget(name: "CaptureTests", dependencies: ["Capture", "CaptureFile", "Threading", "Wire"]),
        .testTarget(
            name: "DisplayFilterTests", dependencies: ["DisplayFilter", "Dissection", "Wire"]),
        .testTarget(
            name: "PresentationTests", dependencies: ["Presentation", "DisplayFilter", "Protocols", "Dissection", "Wire"]),
        .executableTarget(name: "confinement-probe", dependencies: ["CShims"], path: "Tests/ConfinementProbe"),
        .testTarget(name: "WirelarkTests", dependencies: ["wirelark", "confinement-probe", "TestSupport", "CaptureFile", "Wire"]),
        .testTarget(name: "RegistriesTests", dependencies: ["Registries", "Wire"]),
        .testTarget(name: "CaptureGeneratorTests", dependencies: ["capture-generator", "Wire"]),
    ],
    swiftLanguageModes: [.v6]
)
