import CallModel
import Providers
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
            "<name><b>Zoe</b> <i>Zoete</i></name>", "<name>Zoe<b/></name>", "<n:name><x><y>Zoe</y></x></n:name>",
            "<p name='firstname' value='Zoe'/>", "<p key=\"nom\" value=\"Zoe\"/>", "nomclient=Zoe",
            "name=_ZOE_", #"{"a":[{"key":"name","value":"Zoe"}]}"#, #"{"name":"firstname","x":1,"value":"Zoe"}"#,
            "info=Zoe_CRA_Zo",
            #"{"name":"Zo note"}"#, "<a name='Zo note'/>", "<a><b name='Zo note' key='Zo note'/></a>",
            #"{"contact":{"a":{"b":"Zoe"},"c":["Zoe"]}}"#, "<a><!-- contact: Zoe --></a>",
            #"{"x":"P-Asserted-Identity: \"Zoe\" <sip:1@x>"}"#, "<ns:name>Zoe</ns:name>", "<name>&a;Zoe</name>",
            "<name>Zoe & Co</name>",
            "<r name='Co & Zoe'/>",
        ])
    func elements(_ body: String) {
        let text = hidden(body)
        #expect(!text.lowercased().contains("zo"), "\(text)")
    }

    @Test func onlyTextThatItsElementHoldsAlone() {
        let body = "<contact>Zoe<b/></contact>, <size>Zoe</size>"
        #expect(hidden(body) == body)
    }

    /// In the language of its bearer.
    @Test(arguments: ["李", "Zoë", "Zoe\u{308}", "٠٦٣٩"])
    func namesOfFewLetters(_ name: String) {
        #expect(!hidden("{\"name\":\"\(name)\",\"caller\":\"\(name)\"}").unicodeScalars.contains { $0.value > 0x7F })
    }

    /// One recording has it composed and the next not: each is found, and both are the same name.
    @Test func namesComposedInSeveralWays() {
        let text = hidden("[{\"name\":\"Zo\u{EB}\"},{\"name\":\"Zoe\u{308}\"}]")
        #expect(!text.contains("Zo"), "\(text)")
        #expect(Set(text.split(separator: ",").map { $0.filter { !"[]".contains($0) } }).count == 1, "\(text)")
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

    @Test(arguments: [
        "jean@mail.example.com", "x%40mail.example.com", "a.b-c+d@mail.example.com", "jean%2540mail.example.com",
        "jean@mail.xn--p1ai", "jean.garcía@mail.exämple", "jean@localhost", "sip:jean@192.0.2.1", "jean@mail.example-1",
        "jean&#64;mail.example.com",
    ])
    func mails(_ mail: String) {
        let text = hidden("x=<\(mail)>")
        #expect(!text.contains("jean") && !text.contains("mail") && text.contains("example.invalid"), "\(text)")
    }

    @Test(arguments: [#"jean\u0040mail.example.com"#, #"josé.garc\u00eda@mail.example.com"#, #"a\njean@mail.fr"#])
    func mailsOfJSON(_ mail: String) {
        let text = hidden(#"{"x":"\#(mail)"}"#)
        #expect(!text.contains("mail") && !text.contains("jos") && !text.contains("garc"), "\(text)")
        #expect(JSONValue.read(Array(text.utf8)) != nil, "\(text)")
    }

    @Test(arguments: ["N2Zk@192.0.2.1", "a @ b", "@home", "sip:+331@x", "x123@example.invalid"])
    func noMails(_ text: String) {
        #expect(hidden("x=<\(text)>") == "x=<\(text)>")
    }
}
