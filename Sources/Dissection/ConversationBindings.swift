/// Which dissector took each conversation over: a list per transport protocol, indexed by the conversation's number, since numbers
/// follow each other and every segment asks.
struct ConversationBindings {
    private var transports: [(proto: ProtocolID, dissectors: [DissectorID?])] = []

    subscript(stream: StreamPosition) -> DissectorID? {
        get {
            let number = Int(stream.conversation)
            for index in transports.indices where transports[index].proto == stream.transport {
                return number < transports[index].dissectors.count ? transports[index].dissectors[number] : nil
            }
            return nil
        }
        set {
            let number = Int(stream.conversation)
            guard let index = transports.firstIndex(where: { $0.proto == stream.transport }) else {
                if let newValue { transports.append((stream.transport, Array(repeating: nil, count: number) + [newValue])) }
                return
            }
            if number < transports[index].dissectors.count {
                transports[index].dissectors[number] = newValue
            } else if let newValue {
                while transports[index].dissectors.count < number { transports[index].dissectors.append(nil) }
                transports[index].dissectors.append(newValue)
            }
        }
    }
}
