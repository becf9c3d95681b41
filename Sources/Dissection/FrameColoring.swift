/// The colours that a frame is shown in, each as red, green and blue from the highest byte down.
public struct FrameColors: Equatable, Sendable {
    public var foreground: UInt32
    public var background: UInt32

    public init(foreground: UInt32, background: UInt32) {
        self.foreground = foreground
        self.background = background
    }
}

/// A rule that gives frames their colours.
public struct ColoringRule: Sendable {
    public var name: String
    /// The display filter that the rule stands for.
    public var filter: String
    public var colors: FrameColors

    public init(name: String, filter: String, colors: FrameColors) {
        self.name = name
        self.filter = filter
        self.colors = colors
    }
}

/// Chooses the rule for a dissected frame. Whether there is such an object is asked for each frame, which costs nothing.
public protocol FrameColoring: AnyObject, Sendable {
    func rule(for frame: borrowing DissectedFrame) -> ColoringRule?
}
