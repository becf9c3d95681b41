import Dissection
import Testing

@Suite struct FactsTests {
    private let registry: Registry
    private let key: FactKey<Int>
    private let other: FactKey<String>

    init() throws {
        var r = Registrar()
        key = r.facts(Int.self)
        other = r.facts(String.self)
        registry = try r.freeze()
    }

    private func context(_ pass: Pass, _ store: FactStore, frame: UInt32) -> Context {
        var context = Context(registry, plan: Plan.everything(registry), pass: pass, facts: store)
        context.frame.number = frame
        context.begin(.empty)
        return context
    }

    private func stored() -> FactStore {
        let store = FactStore(registry)
        for frame in [1, 3, 4] as [UInt32] {
            let context = context(.first, store, frame: frame)
            context.keep(key, Int(frame) * 10)
            if frame == 3 { context.keep(key, 31) }
            context.keep(other, "frame \(frame)")
        }
        return store
    }

    @Test func factsComeBackInAnyOrderOfFrames() {
        let store = stored()
        for frame in [4, 1, 3] as [UInt32] {
            var context = context(.second, store, frame: frame)
            #expect(context.fact(key) == Int(frame) * 10)
            #expect(context.fact(other) == "frame \(frame)")
        }
    }

    @Test func layersOfOneFrameHaveTheirOwn() {
        var context = context(.second, stored(), frame: 3)
        #expect(context.fact(key) == 30)
        #expect(context.fact(key) == 31)
        #expect(context.fact(key) == nil)
    }

    @Test func framesWithoutFactsHaveNone() {
        for frame in [0, 2, 5] as [UInt32] {
            var context = context(.second, stored(), frame: frame)
            #expect(context.fact(key) == nil)
        }
    }

    @Test func earlierFactsAreAmended() {
        let store = stored()
        context(.first, store, frame: 4).amend(key, frame: 3) { $0 += 1000 }
        var context = context(.second, store, frame: 3)
        #expect(context.fact(key) == 1030)
        #expect(context.fact(key) == 1031)
    }

    @Test func onlyTheFirstPassKeeps() {
        let store = FactStore(registry)
        context(.only, store, frame: 1).keep(key, 5)
        context(.second, store, frame: 1).keep(key, 6)
        var second = context(.second, store, frame: 1)
        #expect(second.fact(key) == nil)
    }

    @Test func onlyTheSecondPassLooksUp() {
        var first = context(.first, stored(), frame: 1)
        #expect(first.fact(key) == nil)
    }
}
