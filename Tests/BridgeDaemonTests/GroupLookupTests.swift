import HostSupport
import Testing

@Suite struct GroupLookupTests {
    /// A group with many members does not fit into the first room.
    @Test(arguments: [1, 16, 16 << 10]) func aGroupIsFoundHoweverLargeItIs(room: Int) throws {
        #expect(try GroupLookup.id(of: "root", room: room) == 0)
        #expect(try GroupLookup.id(of: "no-such-group-here", room: room) == nil)
    }
}
