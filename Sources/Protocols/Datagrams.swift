import Dissection
import Streams
import Wire

/// Fragments of a network layer put together: tracker, facts and fields, the same for IPv4 and IPv6.
final class DatagramReassembly: Sendable {
    /// What the first pass leaves for a frame that holds a fragment.
    struct Fact: Sendable {
        /// The datagram that the fragment completed.
        var datagram: Assembly?
        /// The frame that completed the datagram, once that is known.
        var completedIn: UInt32?
    }

    enum Outcome {
        /// The payload of the datagram, from its first byte.
        case complete(Reader)
        /// The frame in which the rest arrives, if that is known.
        case waiting(completedIn: UInt32?)
    }

    private let fields: AssemblyFields
    private let state: StateKey<Defragmenter>
    private let facts: FactKey<Fact>

    init(_ names: AssemblyFields.Names, _ r: inout Registrar) {
        fields = AssemblyFields(names, &r)
        state = r.state("datagrams in fragments", budget: 24, { Defragmenter(byteLimit: $0) }, measure: { ($0.count, $0.byteCount) }, evicted: { $0.evictedCount })
        facts = r.facts(Fact.self)
    }

    /// Takes the fragment that `payload` covers, and shows the datagram where it is complete.
    /// - Parameter offset: where the header stands that names the fragment.
    func add(
        _ key: Defragmenter.Key, _ payload: Reader, at offset: Int, position: UInt32, hasMore: Bool, _ context: inout Context
    ) -> Outcome {
        let fact = context.fact(facts) ?? track(key, payload, position, hasMore, &context)
        guard let datagram = fact.datagram, let reader = fields.derive(datagram, from: payload, &context) else {
            if let frame = fact.completedIn { fields.showReassembledIn(frame, payload, at: offset, &context) }
            return .waiting(completedIn: fact.completedIn)
        }
        fields.show(datagram, reader, &context)
        return .complete(reader)
    }

    private func track(_ key: Defragmenter.Key, _ payload: Reader, _ position: UInt32, _ hasMore: Bool, _ context: inout Context) -> Fact {
        guard context.pass != .second else { return Fact() }
        let frame = context.frame.number
        let datagram = context.state.ref(state).value.add(
            key, frame: frame, frameOffset: payload.source == 0 ? payload.offset : nil, position: position, hasMore: hasMore,
            bytes: payload.capturedBytes, time: context.frame.timestamp)
        context.keep(facts, Fact(datagram: datagram?.asFact(mayLackFrames: context.mayLackFrames), completedIn: nil))
        if let datagram {
            for piece in datagram.pieces where piece.frame != frame {
                context.amend(facts, frame: piece.frame) { if $0.datagram == nil { $0.completedIn = frame } }
            }
        }
        return Fact(datagram: datagram, completedIn: nil)
    }
}
