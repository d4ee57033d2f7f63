import Foundation
import Testing

/// `docs/adding-a-provider.md` quotes code that is compiled and tested here; it must not become another.
@Suite("The page about adding a provider") struct PageTests {
    /// A block of code, and the file that its first line says it is from.
    struct Quotation {
        let path: String
        let text: String
    }

    private static let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private func quotations() throws -> [Quotation] {
        let page = try String(contentsOf: Self.checkout.appending(path: "docs/adding-a-provider.md"), encoding: .utf8)
        return page.components(separatedBy: "```swift\n// ").dropFirst().map { rest in
            let block = rest.components(separatedBy: "```")[0]
            let path = block.prefix { !$0.isNewline }
            return Quotation(path: String(path), text: String(block.dropFirst(path.count + 1)))
        }
    }

    @Test func everyBlockIsFromItsFile() throws {
        for quotation in try quotations() {
            let file = try String(contentsOf: Self.checkout.appending(path: quotation.path), encoding: .utf8)
            #expect(!quotation.text.isEmpty && file.contains(quotation.text), "\(quotation.path)")
        }
    }

    @Test(arguments: [
        "Pigeon", "PigeonDecoder", "PigeonDecoder+Recording", "PigeonSettings", "Pigeon+TelephonyProvider",
    ])
    func theExampleIsThereWhole(name: String) throws {
        let path = "Tests/BridgeDaemonTests/SixthProvider/\(name).swift"
        let file = try String(contentsOf: Self.checkout.appending(path: path), encoding: .utf8)
        #expect(try quotations().contains { $0.path == path && $0.text == file })
    }

    /// No block of code without a file that it can be held against.
    @Test func everyBlockNamesItsFile() throws {
        let page = try String(contentsOf: Self.checkout.appending(path: "docs/adding-a-provider.md"), encoding: .utf8)
        #expect(page.components(separatedBy: "```swift").count - 1 == (try quotations().count))
    }
}
