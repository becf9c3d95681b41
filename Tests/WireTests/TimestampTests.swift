import Testing
import Wire

@Suite struct TimestampTests {
    private func time(_ seconds: Int64, _ nanoseconds: Int32) -> Timestamp { Timestamp(seconds: seconds, nanoseconds: nanoseconds) }

    @Test func differencesBorrow() {
        #expect(time(5, 100) - time(3, 200) == time(1, 999_999_900))
        #expect(time(3, 200) - time(5, 100) == time(-2, 100))
        #expect(time(3, 0) - time(3, 0) == .zero)
    }

    @Test func absurdDifferencesWrap() {
        #expect(time(.min, 0) - time(1, 0) == time(.max, 0))
        #expect(time(.max, 0) - time(-1, 0) == time(.min, 0))
        #expect(time(.min, 0) - time(0, 1) == time(.max, 999_999_999))
    }

    @Test func nanosecondsAreClamped() {
        #expect(time(1, 5).totalNanoseconds == 1_000_000_005)
        #expect(time(-1, 999_999_999).totalNanoseconds == -1)
        #expect(time(.max, 0).totalNanoseconds == .max)
        #expect(time(.min, 0).totalNanoseconds == .min)
        #expect(time(9_223_372_036, 854_775_807).totalNanoseconds == .max)
        #expect(time(9_223_372_036, 854_775_808).totalNanoseconds == .max)
    }

    @Test(arguments: [0, 1, -1, 999_999_999, 1_000_000_000, -1_000_000_000, -1_000_000_001, .max, .min] as [Int64])
    func nanosecondsComeBack(value: Int64) {
        let time = Timestamp(totalNanoseconds: value)
        #expect((0..<1_000_000_000).contains(time.nanoseconds))
        // The least number is less than a second outside what the product of seconds holds.
        #expect(value == .min || time.totalNanoseconds == value)
    }

    @Test func orderIsBySecondsFirst() {
        #expect(time(1, 999_999_999) < time(2, 0))
        #expect(time(2, 0) < time(2, 1))
        #expect(time(-1, 999_999_999) < .zero)
        #expect(!(time(2, 1) < time(2, 1)))
    }
}
