import TestSupport
import Testing

@Suite struct ImagesTests {
    @Test(arguments: ["png", "image-gif", "image-jfif"]) func contract(abbreviation: String) throws { try Contract(abbreviation).run() }
}
