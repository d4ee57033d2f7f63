import CallModel
import Testing

@Suite("Addresses and networks")
struct AddressRangeTests {
    @Test(
        "what is in a range",
        arguments: [
            ("1.2.3.4", "1.2.3.4", true), ("1.2.3.4", "1.2.3.5", false), ("10.0.0.0/8", "10.255.1.2", true),
            ("10.1.2.3/8", "10.0.0.0", true), ("10.0.0.0/8", "11.0.0.0", false), ("0.0.0.0/0", "9.9.9.9", true),
            ("0.0.0.0/0", "::1", false), ("::/0", "9.9.9.9", true), ("::1", "0:0:0:0:0:0:0:1", true),
            ("2001:db8::/32", "2001:DB8:ffff::7", true), ("2001:db8::/32", "2001:db9::7", false),
            ("2001:db8::/33", "2001:db8:8000::", false), ("1.2.3.4", "::ffff:1.2.3.4", true),
            ("1.2.3.4", "::ffff:102:304", true), ("::ffff:1.2.3.0/120", "1.2.3.9", true),
            ("fe80::/10", "fe80::1%eth0", true), ("1.2.3.0/24", "1.2.3.", false), ("1.2.3.0/24", "", false),
            ("1.2.3.4/32", "1.2.3.4", true), ("2001:db8::1/128", "2001:db8::2", false),
        ] as [(String, String, Bool)])
    func contains(range: String, address: String, expected: Bool) throws {
        #expect(try #require(AddressRange(range)).contains(address) == expected)
    }

    @Test(
        "what is no range",
        arguments: [
            "", "/", "1.2.3", "1.2.3.4.5", "1.2.3.4/33", "1.2.3.4/", "1.2.3.4/8/8", "1.2.3.4/-1", "1.2.3.4/+1",
            "1.2.3.4/08", "01.2.3.4", "1.2.3.256", " 1.2.3.4", "::g", ":1", ":::", "1::2::3", "1:2:3:4:5:6:7",
            "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7::8", "::/129", "::+1", "::-1", "::12345", "::1%", "%eth0", "1.2.3.4::",
            "1:2:3:4:5:6:7:1.2.3.4", "localhost",
        ])
    func refused(text: String) {
        #expect(AddressRange(text) == nil)
    }
}
