import CaptureFile

/// How the interfaces of merged captures become those of the result: mergecap's `-I`.
public enum InterfaceMerging: String, Sendable, CaseIterable {
    /// Each capture keeps its own.
    case none
    /// Those of the first capture stand for all, if all captures have the same ones; otherwise as `none`.
    case all
    /// Interfaces that are the same, in whichever captures, become one.
    case any
}

/// The interfaces of the result, as they are found.
struct MergedInterfaces {
    private let mode: InterfaceMerging
    private let isUniform: Bool
    private var known: [CaptureInterface: Int] = [:]

    /// - Parameter inputs: what each capture has at its start.
    init(_ mode: InterfaceMerging, _ inputs: [[CaptureInterface]]) {
        self.mode = mode
        let plain = inputs.map { $0.map(\.withoutPlace) }
        isUniform = plain.allSatisfy { $0 == plain.first }
    }

    /// The index of a capture's interface among the merged ones, to which it is added where it is new.
    mutating func index(of interface: CaptureInterface, at index: Int, _ merged: inout [CaptureInterface]) -> Int {
        var added = interface.withoutPlace
        switch mode {
        case .all where isUniform && index < merged.count && merged[index].withoutPlace == added: return index
        case .any:
            if let index = known[added] { return index }
            known[added] = merged.count
        default: break
        }
        added.number = UInt32(merged.count)
        merged.append(added)
        return merged.count - 1
    }
}

extension CaptureInterface {
    /// As the first of the first section.
    fileprivate var withoutPlace: CaptureInterface {
        var plain = self
        plain.sectionNumber = 1
        plain.number = 0
        return plain
    }
}
