/// One conversation, which hands out its frames a batch at a time so that memory does not grow with its length.
protocol Conversation {
    /// The next frames, in order of time and none earlier than those before; empty once the conversation is over.
    mutating func nextBatch() -> [TimedFrame]
}

/// A conversation that is short enough to be written down at once.
struct ShortConversation: Conversation {
    var frames: [TimedFrame]

    mutating func nextBatch() -> [TimedFrame] {
        defer { frames = [] }
        return frames
    }
}
