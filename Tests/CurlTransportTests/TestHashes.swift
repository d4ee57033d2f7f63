/// MD5 and SHA-256 for the server side of Digest, so that the tests share no code with what they test.
enum TestHashes {
    static func md5(_ text: String) -> String {
        let shifts: [[UInt32]] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]]
        let table = sines
        var state: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476]
        for block in blocks(of: text, bigEndian: false) {
            var (a, b, c, d) = (state[0], state[1], state[2], state[3])
            for round in 0..<64 {
                let mixed: UInt32
                let word: Int
                switch round / 16 {
                case 0: (mixed, word) = ((b & c) | (~b & d), round)
                case 1: (mixed, word) = ((d & b) | (~d & c), (5 * round + 1) % 16)
                case 2: (mixed, word) = (b ^ c ^ d, (3 * round + 5) % 16)
                default: (mixed, word) = (c ^ (b | ~d), (7 * round) % 16)
                }
                let sum = mixed &+ a &+ table[round] &+ block[word]
                let shift = shifts[round / 16][round % 4]
                (a, d, c, b) = (d, c, b, b &+ (sum << shift | sum >> (32 - shift)))
            }
            state = zip(state, [a, b, c, d]).map { $0 &+ $1 }
        }
        return state.map { hex($0.byteSwapped) }.joined()
    }

    static func sha256(_ text: String) -> String {
        let constants = fractions(of: primes(64)) { $0.cubeRoot }
        var state = fractions(of: primes(8)) { $0.squareRoot() }
        for block in blocks(of: text, bigEndian: true) {
            var words = block
            for index in 16..<64 {
                let first = rotated(words[index - 15], 7) ^ rotated(words[index - 15], 18) ^ words[index - 15] >> 3
                let second = rotated(words[index - 2], 17) ^ rotated(words[index - 2], 19) ^ words[index - 2] >> 10
                words.append(words[index - 16] &+ first &+ words[index - 7] &+ second)
            }
            var v = state
            for index in 0..<64 {
                let upper = rotated(v[4], 6) ^ rotated(v[4], 11) ^ rotated(v[4], 25)
                let choice = (v[4] & v[5]) ^ (~v[4] & v[6])
                let first = v[7] &+ upper &+ choice &+ constants[index] &+ words[index]
                let lower = rotated(v[0], 2) ^ rotated(v[0], 13) ^ rotated(v[0], 22)
                let majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2])
                v = [first &+ lower &+ majority, v[0], v[1], v[2], v[3] &+ first, v[4], v[5], v[6]]
            }
            state = zip(state, v).map { $0 &+ $1 }
        }
        return state.map(hex).joined()
    }

    private static func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 { word >> count | word << (32 - count) }

    private static func hex(_ word: UInt32) -> String {
        let text = String(word, radix: 16)
        return String(repeating: "0", count: 8 - text.count) + text
    }

    private static func blocks(of text: String, bigEndian: Bool) -> [[UInt32]] {
        var bytes = Array(text.utf8)
        let bits = UInt64(bytes.count) * 8
        bytes.append(0x80)
        while bytes.count % 64 != 56 { bytes.append(0) }
        bytes += (0..<8).map { UInt8(truncatingIfNeeded: bits >> (8 * UInt64(bigEndian ? 7 - $0 : $0))) }
        return stride(from: 0, to: bytes.count, by: 64).map { start in
            stride(from: start, to: start + 64, by: 4).map { at in
                let word = bytes[at..<at + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
                return bigEndian ? word : word.byteSwapped
            }
        }
    }

    private static func primes(_ count: Int) -> [Double] {
        var found: [Int] = []
        var next = 2
        while found.count < count {
            if found.allSatisfy({ next % $0 != 0 }) { found.append(next) }
            next += 1
        }
        return found.map(Double.init)
    }

    private static func fractions(of numbers: [Double], _ root: (Double) -> Double) -> [UInt32] {
        numbers.map { number in
            let value = root(number)
            return UInt32((value - value.rounded(.down)) * 4_294_967_296)
        }
    }

    private static let sines: [UInt32] = (1...64).map { UInt32(abs(sine(Double($0))) * 4_294_967_296) }
}

#if canImport(Glibc)
    import Glibc

    private func sine(_ value: Double) -> Double { sin(value) }
    extension Double {
        fileprivate var cubeRoot: Double { cbrt(self) }
    }
#endif
