/// What somebody wants of each frame: a plan is made from the wants of all that look at it.
public struct PlanWants: Sendable {
    /// nil for all.
    public var fields: Set<FieldID>?
    /// The texts that items carry of their own.
    public var labels: Bool
    public var columns: Bool
    /// What is to run beyond what the fields need.
    public var needs: FieldNeeds
    /// The layers whose ends are noted.
    public var endpoints: EndpointLayers

    public init(
        fields: Set<FieldID>? = [], labels: Bool = false, columns: Bool = false, needs: FieldNeeds = [], endpoints: EndpointLayers = []
    ) {
        self.endpoints = endpoints
        self.fields = fields
        self.labels = labels
        self.columns = columns
        self.needs = needs
    }

    /// Every field and text.
    public static var everything: PlanWants { PlanWants(fields: nil, labels: true) }

    public var isNothing: Bool { fields?.isEmpty ?? false && !labels && !columns && needs.isEmpty && endpoints.isEmpty }

    public mutating func formUnion(_ other: PlanWants) {
        if let own = fields, let others = other.fields { fields = own.union(others) } else { fields = nil }
        labels = labels || other.labels
        columns = columns || other.columns
        needs.formUnion(other.needs)
        endpoints.formUnion(other.endpoints)
    }

    public func union(_ other: PlanWants) -> PlanWants {
        var both = self
        both.formUnion(other)
        return both
    }
}

extension Plan {
    public convenience init(_ registry: Registry, _ wants: PlanWants) {
        self.init(registry, fields: wants.fields, labels: wants.labels, columns: wants.columns, needs: wants.needs, endpoints: wants.endpoints)
    }
}
