import Dissection
import DisplayFilter
import Testing

@testable import Presentation

@Suite struct ColumnFormatsTests {
    private let registry: Registry
    private let port: FieldID

    init() throws {
        var registrar = Registrar()
        _ = registrar.proto("t", "Test", short: "T")
        port = registrar.field("t.port", "Port", .uint16, .decimal)
        registry = try registrar.freeze()
    }

    private func columns(_ text: String) throws -> [SummaryColumn]? {
        let registry = registry
        return try ColumnFormats.columns(text, registry) { (text) throws(FilterError) in try FieldExpression(text, registry: registry) }
    }

    @Test func titlesAndCodesAreRead() throws {
        let columns = try #require(try columns("\"No.\",\"%m\", \"A \\\"title\\\", with all\",\"%Cus:t.port:2:U\",\"Time\",\"%Yt\""))
        #expect(columns.map(\.title) == ["No.", "A \"title\", with all", "Time"])
        guard case .number = columns[0].content, case .fields(let custom) = columns[1].content, case .time(.absoluteWithDate) = columns[2].content else {
            Issue.record("\(columns)")
            return
        }
        #expect(custom.fields == [port] && custom.occurrence == 2 && !custom.isResolved)
    }

    @Test func aCustomColumnMayLeaveItsEndOut() throws {
        for (code, occurrence) in [("%Cus:t.port", 0), ("%Cus:t.port:-1", -1), ("%Cus:t.none||t.port:3:R", 3)] {
            let columns = try #require(try columns("\"a\",\"\(code)\""))
            guard case .fields(let custom) = columns[0].content else {
                Issue.record("\(code)")
                continue
            }
            #expect(custom.fields == [port] && custom.occurrence == occurrence && custom.isResolved)
        }
    }

    @Test func aCustomColumnMayShowAnExpression() throws {
        for code in ["%Cus:t.port + 1", "%Cus:min(t.port):1:R", "%Cus:max(t.port)", "%Cus:t.port > 5 or t.port == 2"] {
            let columns = try #require(try columns("\"a\",\"\(code)\""))
            guard case .fields(let custom) = columns[0].content else {
                Issue.record("\(code)")
                continue
            }
            #expect(custom.fields.isEmpty && custom.expression?.wants.fields == [port])
        }
        #expect(throws: FilterError.self) { try columns("\"a\",\"%Cus:t.port + t.none\"") }
    }

    @Test(arguments: ["", "\"a\"", "\"a\",\"%zz\"", "\"a\",\"%m", "\"a\" \"%m\"", "\"a\",\"%m\",\"b\"", "\"a\",\"%Cus\""])
    func whatIsNoListOfColumnsIsRefused(_ text: String) throws { #expect(try columns(text) == nil) }

    @Test func everyCodeIsThereOnceAndCanBeAskedFor() throws {
        let codes = ColumnFormats.all.map(\.code)
        #expect(Set(codes).count == codes.count && codes.count == 50)
        for code in codes where code != "%Cus" { #expect(try columns("\"a\",\"\(code)\"") != nil, "\(code)") }
    }
}
