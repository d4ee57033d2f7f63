/// SplitMix64: small, and the same everywhere, so that a failure names a seed that fails again.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    /// A sequence of its own for one part of a whole, so that leaving out other parts changes nothing of it.
    package init(seed: UInt64, part: Int) {
        var mixer = SeededGenerator(seed: seed &+ UInt64(bitPattern: Int64(part)) &* 0xD6E8_FEB8_6659_FD93)
        state = mixer.next()
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    mutating func number(_ range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &self) }

    /// True in `percent` of a hundred cases.
    mutating func happens(_ percent: Int64) -> Bool { number(0...99) < percent }

    mutating func one<Element>(of elements: [Element]) -> Element {
        elements[Int(number(0...Int64(elements.count - 1)))]
    }
}
