import Providers
import Testing

struct OVHAgentNameTests {
    @Test(
        arguments: [
            ("agent_0033199000001_123", "0033199000001", true), ("agent_+33199000001_1", "+33199000001", true),
            ("agent_0033199000001_sales", "0033199000001", false), ("agent_0033199000001_1_2", "0033199000001", false),
            ("agent_0033199000001", "0033199000001", false),
        ])
    func aLineIsNamed(_ text: String, _ line: String, _ isNumbersOnly: Bool) {
        #expect(OVHAgentName(text)?.line == line)
        #expect(OVHAgentName(text)?.isNumbersOnly == isNumbersOnly)
    }

    @Test(arguments: ["", "agent", "agent_", "agent__1", "agent_+_1", "agent_Jean_1", "Agent_1_2", "agent_١٢_3"])
    func noLineIsNamed(_ text: String) {
        #expect(OVHAgentName(text) == nil)
    }
}
