import Dissection
import Wire

/// What statistics look at of an HTTP message: where its items stand in the frame.
struct HTTPMessage {
    var method: Item?
    var uri: Item?
    var host: Item?
    var status: UInt32 = 0
    var statusName: Item?
}

/// Finds the HTTP messages of a frame.
struct HTTPMessageReader {
    let wants: PlanWants
    private let nodes, method, uri, host, status, statusName: Set<FieldID>

    init(_ request: StatisticRequest) {
        // What is dissected as HTTP under another name is HTTP, too.
        nodes = request.fields("http", "ssdp")
        method = request.fields("http.request.method")
        uri = request.fields("http.request.uri")
        host = request.fields("http.host")
        status = request.fields("http.response.code")
        statusName = request.fields("http.response.code.desc")
        wants = PlanWants(fields: nodes.union(method).union(uri).union(host).union(status).union(statusName))
    }

    /// The messages of a frame, in order.
    func messages(_ frame: borrowing DissectedFrame) -> [HTTPMessage] {
        var messages: [HTTPMessage] = []
        for index in 0..<frame.itemCount {
            let item = frame.item(index)
            if nodes.contains(item.field), item.depth == 0 {
                messages.append(HTTPMessage())
            } else if !messages.isEmpty {
                add(item, to: &messages[messages.count - 1])
            }
        }
        return messages
    }

    private func add(_ item: Item, to message: inout HTTPMessage) {
        if method.contains(item.field) {
            message.method = item
        } else if uri.contains(item.field) {
            message.uri = item
        } else if host.contains(item.field) {
            message.host = item
        } else if status.contains(item.field) {
            message.status = UInt32(truncatingIfNeeded: item.value)
        } else if statusName.contains(item.field) {
            message.statusName = item
        }
    }
}

extension DissectedFrame {
    /// The text of an item's value.
    func text(of item: Item) -> String { String(decoding: valueBytes(of: item).copy(), as: UTF8.self) }
}
