import Foundation
import Testing

@testable import StreamSchema

/// What every other test relies on to find a line that is not as documented.
@Suite("The check of lines against the published schema") struct StreamSchemaTests {
    private static let document = """
        {"$defs": {
           "time": {"type": "string", "pattern": "^[0-9]+Z$", "maxLength": 5},
           "party": {"type": "object", "additionalProperties": false,
                     "properties": {"number": {"type": "string"}, "via": {"$ref": "#/$defs/party"}}}},
         "type": "object", "required": ["type", "seq"],
         "properties": {
           "type": {"enum": ["a", "b"]}, "version": {"const": "1.0"}, "stale": {"const": true},
           "seq": {"type": "integer", "minimum": 1, "maximum": 9}, "time": {"$ref": "#/$defs/time"},
           "list": {"type": "array", "items": {"type": "string"}}, "party": {"$ref": "#/$defs/party"},
           "either": {"anyOf": [{"required": ["x"]}, {"required": ["y"]}]}, "never": {"not": {"required": ["z"]}}},
         "allOf": [
           {"if": {"properties": {"type": {"const": "a"}}, "required": ["type"]},
            "then": {"required": ["time"]}, "else": {"not": {"required": ["time"]}}}]}
        """

    private func violations(_ line: String) throws -> Set<String> {
        Set(try StreamSchema(Data(Self.document.utf8)).violations(in: Array((line + "\n").utf8)))
    }

    @Test(arguments: [
        #"{"type":"a","seq":9,"time":"123Z","version":"1.0","list":["x"],"other":null,"stale":true}"#,
        #"{"type":"b","seq":1,"party":{"via":{"via":{"number":"n"}}},"either":{"y":0},"never":{}}"#,
    ])
    func aLineAsDocumentedHasNone(line: String) throws {
        #expect(try violations(line).isEmpty)
    }

    @Test(arguments: [
        (#"[]"#, ["$: not of type object"]),
        (#"{"type":"b"}"#, ["$: seq is missing"]),
        (#"{"seq":1,"type":"c"}"#, ["$.type: c is none of the values"]),
        (#"{"seq":1,"type":"b","version":"2.0"}"#, ["$.version: not 1.0"]),
        (#"{"seq":0,"type":"b"}"#, ["$.seq: below 1"]),
        (#"{"seq":10,"type":"b"}"#, ["$.seq: above 9"]),
        (#"{"seq":1.5,"type":"b"}"#, ["$.seq: not of type integer"]),
        (#"{"seq":"1","type":"b"}"#, ["$.seq: not of type integer"]),
        (#"{"seq":null,"type":"b"}"#, ["$.seq: not of type integer"]),
        (#"{"seq":1,"type":"a","time":"x"}"#, ["$.time: x does not fit ^[0-9]+Z$"]),
        (#"{"seq":1,"type":"a","time":"12345Z"}"#, ["$.time: longer than 5"]),
        (#"{"seq":1,"type":"a","time":7}"#, ["$.time: not of type string"]),
        (#"{"seq":1,"type":"b","list":["x",1]}"#, ["$.list[1]: not of type string"]),
        (#"{"seq":1,"type":"b","list":{}}"#, ["$.list: not of type array"]),
        (
            #"{"seq":1,"type":"b","party":{"via":{"nmuber":"1","number":1}}}"#,
            ["$.party.via: nmuber is unknown", "$.party.via.number: not of type string"]
        ),
        (#"{"seq":1,"type":"b","either":{"z":0}}"#, ["$.either: fits none of the alternatives"]),
        (#"{"seq":1,"type":"a"}"#, ["$: time is missing"]),
    ])
    func eachViolationIsNamed(line: String, expected: [String]) throws {
        #expect(try violations(line) == Set(expected))
    }

    @Test(arguments: [
        (#"{"seq":1,"type":"b","never":{"z":0}}"#, "$.never: has what it must not have"),
        (#"{"seq":1,"type":"b","time":"1Z"}"#, "$: has what it must not have"),
        (#"{"seq":1,"type":"b","stale":false}"#, "$.stale: not "),
    ])
    func whatMustNotBeIsFound(line: String, start: String) throws {
        let found = try violations(line)
        #expect(found.count == 1 && found.allSatisfy { $0.hasPrefix(start) }, "\(found)")
    }

    @Test func aLineIsOneLine() {
        for bytes in ["{}", "{}\n\n", "{\n}\n", ""] {
            #expect(StreamSchema.events.violations(in: bytes.utf8) == ["not one line with a line break at its end"])
        }
        #expect(StreamSchema.events.violations(in: "{\n".utf8) == ["not JSON"])
        let long = "{\"a\":\"\(String(repeating: "x", count: 65_530))\"}\n"
        #expect(StreamSchema.events.violations(in: long.utf8) == ["longer than 64 KiB"])
    }

    /// Found when the document is read: a check that is skipped, or fails on every line, is none.
    @Test(arguments: [
        ##"{"minLength": 1}"##, ##"{"properties": {"a": {"contains": {}}}}"##, ##"{"type": "strong"}"##,
        ##"{"$ref": "#/$defs/nobody"}"##, ##"{"pattern": "("}"##, ##"{"maximum": "9"}"##, ##"{"allOf": {}}"##,
        ##"{"required": "a"}"##, ##"{"additionalProperties": {"type": "string"}}"##, ##"[]"##,
    ])
    func aDocumentThatIsNotUnderstoodIsRefused(document: String) {
        #expect(throws: (any Error).self) { try StreamSchema(Data(document.utf8)) }
    }
}
