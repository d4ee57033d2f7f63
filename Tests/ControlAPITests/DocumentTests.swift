import CallModel
import FoundationEssentials
import Testing

@testable import ControlAPI

extension ControlAPITests {
    /// `docs/openapi.yaml` is written by hand; these keep it and the program together.
    @Suite
    struct DocumentTests {
        private let lines: [Substring]

        init() throws {
            let root = #filePath.components(separatedBy: "/Tests/")[0]
            let text = String(decoding: try Data(contentsOf: URL(filePath: "\(root)/docs/openapi.yaml")), as: UTF8.self)
            lines = text.split(separator: "\n")
        }

        /// The lines that belong to `key`, by indentation.
        private func block(_ key: String, in lines: [Substring]) -> [Substring] {
            guard let start = lines.firstIndex(where: { $0.drop { $0 == " " } == "\(key):" }) else { return [] }
            let depth = lines[start].prefix { $0 == " " }.count
            return Array(lines[(start + 1)...].prefix { $0.prefix { $0 == " " }.count > depth })
        }

        private func parameters(_ path: String) -> [String] {
            block("get", in: block(path, in: lines)).filter { $0.contains("- name: ") }
                .compactMap { $0.split(separator: ": ").last.map(String.init) }
        }

        @Test
        func parametersAreDocumented() {
            #expect(parameters("/v1/events") == EventsRequest.parameters + ["Last-Event-ID"])
            #expect(parameters("/v1/calls") == CallsRequest.parameters)
        }

        @Test
        func pathsAndMethodsAreThoseThereAre() throws {
            let paths = block("paths", in: lines)
            for line in paths where line.hasPrefix("  /") {
                let path = String(line.dropFirst(2).dropLast())
                let methods = ["get", "post", "put", "delete"].filter { !block($0, in: block(path, in: paths)).isEmpty }
                for method in ["get", "post", "put", "delete"] {
                    let route = try? Route.resolve(method: method.uppercased(), path: path)
                    #expect((route != nil) == methods.contains(method), "\(method) \(path)")
                }
            }
            #expect(paths.filter { $0.hasPrefix("  /") }.count == 13)
        }

        @Test
        func valuesAreDocumented() {
            let schemas = block("schemas", in: lines)
            let outcomes = block("Outcome", in: schemas).filter { $0.contains("- ") }
                .map { String($0.drop { $0 == " " || $0 == "-" }) }
            #expect(outcomes == Outcome.allCases.map(\.rawValue))
            #expect(lines.contains("      enum: [\(CallsRequest.states.map(\.rawValue).joined(separator: ", "))]"))
            #expect(lines.contains("      enum: [\(EventsRequest.directions.map(\.rawValue).joined(separator: ", "))]"))
        }

        @Test
        func problemsOfCallControlAreDocumented() {
            for (error, _, _) in CallsTests.failures {
                guard let kind = Problem(error, sources: []).kind else { continue }
                #expect(lines.contains("            - urn:ctibridge:problem:\(kind)"))
            }
        }
    }
}
