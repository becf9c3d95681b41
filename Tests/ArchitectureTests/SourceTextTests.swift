import TestSupport
import Testing

/// The files that name unsafe types or calls. Owners keep memory and say in a "Safety" comment why that holds; borrowers use a
/// buffer only within the call that lends it.
private let owners: Set<String> = [
    "Sources/Capture/DeviceMeter.swift", "Sources/Capture/DeviceSource.swift", "Sources/Capture/PacketBatch.swift",
    "Sources/Wire/ByteView.swift", "Sources/Wire/TextBuffer.swift", "Sources/Threading/Monitor.swift",
    "Sources/wirelark/PrintBatch.swift", "Sources/Threading/Threads.swift", "Sources/CaptureFile/InputWindow.swift",
    "Sources/Registries/RegistryTable.swift", "Sources/Dissection/Context.swift", "Sources/Dissection/DissectedFrame.swift", "Sources/Dissection/KeptItems.swift", "Sources/Dissection/Facts.swift",
    "Sources/Dissection/Plan.swift", "Sources/Protocols/TCP/TCPStreams.swift", "Sources/Dissection/Registry.swift", "Sources/Dissection/SessionState.swift", "Sources/Dissection/Sources.swift",
    "Sources/DisplayFilter/RegularExpression.swift", "Sources/Presentation/FieldFormats.swift", "Sources/Presentation/RenderedItems.swift", "Sources/Presentation/RenderedRuns.swift", "Sources/Presentation/Scratch.swift", "Sources/Presentation/JSONSiblings.swift",
]
private let borrowers: Set<String> = [
    "Sources/Capture/BPFErrorPlace.swift", "Sources/Capture/BPFFilter.swift", "Sources/Capture/BPFListing.swift", "Sources/Capture/CaptureDevice.swift", "Sources/Capture/CaptureListing.swift",
    "Sources/Capture/PcapHandle.swift", "Sources/Capture/RecordingFile.swift", "Sources/CaptureTools/Info/RIPEMD160.swift", "Sources/CaptureFile/DecodedInput.swift", "Sources/CaptureFile/FileDescriptor.swift",
    "Sources/Codecs/BoundedDecompression.swift", "Sources/Codecs/BrotliDecoder.swift", "Sources/Codecs/InflateDecoder.swift", "Sources/Codecs/LZ4FrameDecoder.swift",
    "Sources/Codecs/StreamDecoder.swift", "Sources/Codecs/ZstandardDecoder.swift", "Sources/DisplayFilter/FilterProgram.swift",
    "Sources/Presentation/LabelText.swift", "Sources/Presentation/PDMLPrinter.swift", "Sources/Protocols/HTTP/HTTPBody.swift",
    "Sources/Presentation/ValueText.swift", "Sources/Protocols/Assemblies.swift", "Sources/Registries/ServiceNames.swift",
    "Sources/Analysis/FrameIndex.swift", "Sources/Wire/HexText.swift", "Sources/Wire/PrintableText.swift", "Sources/Wire/Address.swift", "Sources/wirelark/StandardError.swift", "Sources/wirelark/HostNames.swift", "Sources/Analysis/Session.swift", "Sources/Streams/StreamAssembler.swift", "Sources/capture-generator/SplitMix64.swift",
]

@Suite struct SourceTextTests {
    private static let sources: [(path: String, text: String)] = PackageRoot.files(below: "Sources", suffix: ".swift").map {
        ($0, (try? PackageRoot.text($0)) ?? "")
    }

    @Test func unsafeCodeStaysWhereItIs() {
        let pattern = /\b(Unsafe\w+|Unmanaged|OpaquePointer|unsafe[A-Z]\w*|unsafelyUnwrapped|withUnsafeTemporaryAllocation)\b/
        let known = owners.union(borrowers)
        for (path, text) in Self.sources {
            let isKnown = known.contains(path)
            if let match = text.firstMatch(of: pattern) {
                #expect(isKnown, "\(path) uses \(match.1): unsafe code belongs in a file of its own, or the list here")
            } else {
                #expect(!isKnown, "\(path) is listed and has no unsafe code any more")
            }
        }
    }

    @Test(arguments: owners.sorted()) func ownersSayWhyTheyAreSafe(path: String) throws {
        #expect(try PackageRoot.text(path).contains("Safety"), "\(path) has no safety argument")
    }

    @Test func nothingIsLeftToDoOrForced() {
        for (path, text) in Self.sources {
            for word in ["TODO", "FIXME", "XXX", "HACK", "try!", "as!"] {
                #expect(!text.contains(word), "\(path) has \(word)")
            }
        }
    }
}
