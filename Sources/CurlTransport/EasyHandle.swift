import CCurl
import CShims

/// One `CURL *`, freed with this object. Not Sendable: it lives and dies on the driver thread.
final class EasyHandle {
    let pointer: UnsafeMutableRawPointer
    private var headers: UnsafeMutablePointer<curl_slist>?

    init?() {
        guard let pointer = curl_easy_init() else { return nil }
        self.pointer = pointer
    }

    deinit {
        curl_easy_cleanup(pointer)
        // libcurl uses the list until the handle is gone, and does not copy it.
        curl_slist_free_all(headers)
    }

    /// True where libcurl took the option.
    func set(_ option: CURLoption, _ value: Int) -> Bool {
        cti_curl_set_long(pointer, option.rawValue, value) == 0
    }

    func setLarge(_ option: CURLoption, _ value: Int) -> Bool {
        cti_curl_set_int64(pointer, option.rawValue, Int64(value)) == 0
    }

    /// libcurl copies the text.
    func set(_ option: CURLoption, _ value: String) -> Bool {
        cti_curl_set_string(pointer, option.rawValue, value) == 0
    }

    /// Takes back what libcurl was built with for an option that takes text.
    func clear(_ option: CURLoption) -> Bool {
        cti_curl_set_string(pointer, option.rawValue, nil) == 0
    }

    /// libcurl copies the bytes, as many as `CURLOPT_POSTFIELDSIZE_LARGE` said before.
    func setBody(_ body: [UInt8]) -> Bool {
        guard setLarge(CURLOPT_POSTFIELDSIZE_LARGE, body.count) else { return false }
        return body.withUnsafeBytes { bytes in
            // An empty array may have no address, and none at all would make libcurl read from a callback.
            guard let base = bytes.baseAddress, !bytes.isEmpty else { return set(CURLOPT_COPYPOSTFIELDS, "") }
            return cti_curl_set_pointer(
                pointer, CURLOPT_COPYPOSTFIELDS.rawValue, UnsafeMutableRawPointer(mutating: base)) == 0
        }
    }

    func setHeaders(_ lines: [String]) -> Bool {
        for line in lines {
            guard let longer = curl_slist_append(headers, line) else { return false }
            headers = longer
        }
        guard let headers else { return true }
        return cti_curl_set_pointer(pointer, CURLOPT_HTTPHEADER.rawValue, headers) == 0
    }

    func number(_ info: CURLINFO) -> Int {
        cti_curl_get_long(pointer, info.rawValue)
    }

    func microseconds(_ info: CURLINFO) -> Int64 {
        cti_curl_get_int64(pointer, info.rawValue)
    }

    func text(_ info: CURLINFO) -> String? {
        cti_curl_get_string(pointer, info.rawValue).map { String(cString: $0) }
    }
}
