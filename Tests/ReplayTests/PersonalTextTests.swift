import CallModel
import Replay
import Testing

/// Which texts are about people, in bodies that no decoder made anything of.
struct PersonalTextTests {
    private func hidden(_ body: String) -> String {
        var recording = Recording()
        recording.entries = [
            .delivery(
                Delivery(
                    source: SourceName(provider: "sfr-dmc", name: "a"), observed: Recording.start, kind: .webhook,
                    body: Array(body.utf8)))
        ]
        return String(decoding: Anonymiser.anonymised(recording, key: "k").deliveries[0].body, as: UTF8.self)
    }

    @Test(
        arguments: [
            "<a><name>Zoe</name>", "<name kind='x'>Zoe</name>", "<name><![CDATA[Zoe]]></name>",
            "<name>Jan <![CDATA[Zoe]]></name>", "<![CDATA[<name>Zoe</name>]]>",
            "<x><![CDATA[<name>Zoe</name>]]></x>", "<name>Zo&#101;</name>Zoe", "<name><name>Zoe</name>",
            "<name><![CDATA[<name>Zoe</name>]]></name>", "<name>&amp;Zoe</name>", "<name>a</x><name>Zoe</name>",
            "<name><![CDATA[<b>]]></name><name>Zoe</name><![CDATA[", "<a><name>Zoe", "<a><name>Zoe</na",
            "<ns:name>Zoe</ns:name>", "<name>&a;Zoe</name>", "<name>Zoe & Co</name>", "<r name='Co & Zoe'/>",
        ])
    func elements(_ body: String) {
        let text = hidden(body)
        #expect(!text.contains("Zo"), "\(text)")
    }

    @Test func onlyTextThatItsElementHoldsAlone() {
        #expect(hidden("<name>Zoe<b/></name>, <size>Zoe</size>") == "<name>Zoe<b/></name>, <size>Zoe</size>")
    }

    @Test(arguments: [
        #"<r username="12345678"/>"#, #"<r-user_name="12345678"/>"#, #"{"login":12345678}"#, "account=12345678",
        #"<r username="12345678x"/>"#, #"<r username='12345678"#, #"{"login":12345678,"account":1"#,
        #"{"login":"12345678","login":"87654321"}"#,
    ])
    func accounts(_ body: String) {
        #expect(!hidden(body).contains("12345678"))
    }

    @Test(arguments: [#"<r size="12345678"/>"#, #"<r xusername="12345678"/>"#])
    func noAccounts(_ body: String) {
        #expect(hidden(body) == body)
    }

    @Test(arguments: ["jean@mail.example.com", "x%40mail.example.com", "a.b-c+d@mail.example.com"])
    func mails(_ mail: String) {
        let text = hidden("x=<\(mail)>")
        #expect(!text.contains("mail.example") && text.contains("example.invalid"), "\(text)")
    }
}
