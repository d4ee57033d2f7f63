import Glibc

/// Finds secrets where the configuration says they are.
///
/// A secret never stands in an error: messages name its file or credential.
struct SecretResolver {
    /// `$CREDENTIALS_DIRECTORY`: made by the service manager, which hands it to nobody else. Exempt from the check of
    /// file modes, because newer versions of systemd use mode 0440 and an access list there.
    let credentialsDirectory: String?
    /// `credentials` beside the configuration file.
    let ownDirectory: String
    /// The permission bits of the configuration file, for secrets written into it.
    let configurationMode: UInt32

    /// Secrets are read whole; nothing that a provider issues is longer.
    static let maximumBytes = 4_096

    struct Failure: Error {
        let message: String
    }

    /// The name of the directory credential of the service file: `LoadCredential=ctibridge:DIRECTORY` makes files
    /// named `ctibridge_NAME` of the files of that directory (systemd.exec, LoadCredential=).
    static let directoryCredential = "ctibridge"

    func secret(inConfiguration value: String) throws(Failure) -> String {
        guard configurationMode & 0o077 == 0 else {
            throw Failure(
                message: "a secret in a configuration file that its group or others can read (mode "
                    + "\(Self.octal(configurationMode))); use chmod 600, or {credential: name} or {file: /path}")
        }
        return try Self.checked(value, from: "'value'")
    }

    func secret(inFile path: String) throws(Failure) -> String {
        guard path.hasPrefix("/") else { throw Failure(message: "the path of a secret must be absolute") }
        return try read(path, isExempt: credentialsDirectory.map { path.hasPrefix($0 + "/") } ?? false)
    }

    func secret(ofCredential name: String) throws(Failure) -> String {
        let path = try path(ofCredential: name)
        return try read(path, isExempt: path != "\(ownDirectory)/\(name)")
    }

    /// The file of a credential: in `$CREDENTIALS_DIRECTORY` under its name or as part of the directory credential,
    /// else beside the configuration file.
    func path(ofCredential name: String) throws(Failure) -> String {
        // systemd.exec: a credential's name is a file name.
        guard (1...200).contains(name.utf8.count), name.utf8.first != UInt8(ascii: "."),
            name.utf8.allSatisfy({ CharacterSets.isURLSafe($0) || $0 == UInt8(ascii: ".") })
        else {
            throw Failure(message: "a credential's name is made of letters, digits, '-', '_' and '.'")
        }
        var candidates: [String] = []
        if let credentialsDirectory {
            candidates.append("\(credentialsDirectory)/\(name)")
            candidates.append("\(credentialsDirectory)/\(Self.directoryCredential)_\(name)")
        }
        candidates.append("\(ownDirectory)/\(name)")
        for path in candidates where access(path, F_OK) == 0 { return path }
        let places = (credentialsDirectory.map { "$CREDENTIALS_DIRECTORY (\($0)) or " } ?? "") + ownDirectory
        throw Failure(message: "no credential '\(name)' in \(places); create the file, or correct the name")
    }

    func reasonNotReadable(_ path: String) -> String? {
        access(path, R_OK) == 0 ? nil : String(cString: strerror(errno))
    }

    private func read(_ path: String, isExempt: Bool) throws(Failure) -> String {
        // Non-blocking: opening a FIFO must not wait for a writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw Failure(message: "the secret's file \(path) cannot be read: \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw Failure(message: "the secret's file \(path) is not a regular file")
        }
        guard isExempt || status.st_mode & 0o077 == 0 else {
            throw Failure(
                message: "the secret's file \(path) can be read by its group or others (mode "
                    + "\(Self.octal(status.st_mode))); use chmod 600")
        }
        var bytes = [UInt8](repeating: 0, count: Self.maximumBytes + 3)
        var count = 0
        while count < bytes.count {
            let room = bytes.count - count
            let got = bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress?.advanced(by: count), room) }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else {
                throw Failure(message: "the secret's file \(path) cannot be read: \(String(cString: strerror(errno)))")
            }
            if got == 0 { break }
            count += got
        }
        guard let text = String(validating: bytes[..<count], as: UTF8.self) else {
            throw Failure(message: "the secret's file \(path) is not UTF-8 text")
        }
        return try Self.checked(Self.withoutNewline(text), from: "the secret's file \(path)")
    }

    /// Editors and `echo` end a file with a line break that is no part of the secret.
    private static func withoutNewline(_ text: String) -> String {
        guard let last = text.last, last == "\n" || last == "\r\n" else { return text }
        return String(text.dropLast())
    }

    private static func checked(_ secret: String, from origin: String) throws(Failure) -> String {
        guard !secret.isEmpty else { throw Failure(message: "\(origin) is empty; put the secret there") }
        guard secret.utf8.count <= maximumBytes else {
            throw Failure(message: "\(origin) holds more than \(maximumBytes) bytes; it must hold the secret alone")
        }
        guard !secret.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) else {
            throw Failure(
                message: "\(origin) holds several lines or a control character; it must hold the secret alone")
        }
        return secret
    }

    private static func octal(_ mode: UInt32) -> String {
        let digits = String(mode & 0o777, radix: 8)
        return String(repeating: "0", count: 4 - digits.utf8.count) + digits
    }
}
