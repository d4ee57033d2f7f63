/// One name and value of a JSON object, in the place where it was written.
package struct JSONMember: Sendable, Equatable {
    package let name: String
    package let value: JSONValue

    package init(_ name: String, _ value: JSONValue) {
        self.name = name
        self.value = value
    }

    package init(_ name: String, _ text: String) {
        self.init(name, .string(text))
    }
}

extension [JSONMember] {
    /// Puts `other` over these members: a member of the same name is replaced in its place, a null removes it, a new
    /// one goes to the end. So a scenario can change any field of a payload without writing the whole of it.
    mutating func overlay(_ other: [JSONMember]) {
        for member in other {
            let index = firstIndex { $0.name == member.name }
            switch (index, member.value) {
            case (let index?, .null): remove(at: index)
            case (let index?, _): self[index] = member
            case (nil, .null): break
            case (nil, _): append(member)
            }
        }
    }
}
