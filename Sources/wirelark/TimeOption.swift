import DisplayFilter
import Wire

/// A moment as editcap takes it: `2019-04-22T15:23:18.5`, with `Z` or `+02:00` for other clocks than the user's, a date alone, or seconds
/// since 1970.
enum TimeOption {
    static func moment(_ text: String) throws(CommandError) -> Timestamp {
        if let time = Timestamp(seconds: text[...]) { return time }
        guard let time = TimeLiterals.moment(text, universalSeconds: LocalTime.universalSeconds) else {
            throw .usage("\"\(text)\" isn't a valid date and time; as in 2019-04-22T15:23:18.5Z.")
        }
        return time
    }
}
