package io.forebay.gateway.api.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class S3DocumentsTest {

    @Test
    void elementsAreRead() {
        XmlElement root = read("<?xml version=\"1.0\"?><!-- c --><Delete xmlns=\"x\"><Object><Key>a&amp;<![CDATA[<b>]]>"
                + "&#x20AC;</Key></Object><Object/></Delete>");
        assertThat(root.all("Object")).hasSize(2);
        assertThat(root.all("Object").getFirst().findText("Key")).isEqualTo("a&<b>\u20ac");
        assertThat(root.findText("Quiet")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "text",
                "<Delete>",
                "<Delete></Other>",
                "<Other/>",
                "<Delete/><Delete/>",
                "<!DOCTYPE Delete><Delete/>",
                "<!DOCTYPE Delete [<!ENTITY a \"b\">]><Delete>&a;</Delete>",
                "<!DOCTYPE Delete [<!ENTITY a SYSTEM \"file:///etc/hostname\">]><Delete>&a;</Delete>",
                "<!DOCTYPE Delete SYSTEM \"http://localhost:1/x\"><Delete/>",
                "<!DOCTYPE Delete [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><Delete>&b;</Delete>",
                "<Delete>&a;</Delete>",
                "<Delete a=\"&a;\"/>"
            })
    void everythingElseIsRefused(String document) {
        assertThatThrownBy(() -> read(document))
                .isInstanceOfSatisfying(
                        S3Failure.class, e -> assertThat(e.error()).isEqualTo(S3Error.MALFORMED_XML));
    }

    @Test
    void depthAndNumberAreBounded() {
        String deep = "<Delete>" + "<a>".repeat(100) + "</a>".repeat(100) + "</Delete>";
        assertThatThrownBy(() -> read(deep)).isInstanceOf(S3Failure.class);
        String wide = "<Delete>" + "<a/>".repeat(70_000) + "</Delete>";
        assertThatThrownBy(() -> read(wide)).isInstanceOf(S3Failure.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE"})
    void onlyUtf8IsRead(String charset) {
        byte[] document = "<Delete/>".getBytes(Charset.forName(charset));
        assertThatThrownBy(() -> XmlReader.read(document, "Delete")).isInstanceOf(S3Failure.class);
    }

    @Test
    void textIsEscaped() {
        String written = new String(
                XmlWriter.of("a")
                        .element("b", "<&>\"'\u0000\t\r\n\u001f\u007f\ufffe\uD83D\uDE00\uD83D")
                        .bytes(),
                StandardCharsets.UTF_8);
        assertThat(written)
                .endsWith("><b>&lt;&amp;&gt;&quot;'&#x0;&#x9;&#xd;&#xa;&#x1f;&#x7f;&#xfffe;\uD83D\uDE00\uFFFD</b></a>");
        String error = new String(
                XmlWriter.plain("a").element("b", "<\"\u0000\t\ufffe>").bytes(), StandardCharsets.UTF_8);
        assertThat(error)
                .isEqualTo("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a><b>&lt;\"\uFFFD&#x9;\uFFFD&gt;</b></a>");
    }

    @Test
    void errorTableIsComplete() {
        assertThat(ErrorTable.isComplete()).isTrue();
    }

    @Test
    void largeDocumentIsRefused() {
        S3Client s3 = new S3Client();
        s3.put("/bucket", "");
        s3.post("/bucket?delete", "x".repeat(5 << 20)).isError(400, "MaxMessageLengthExceeded");
        s3.post("/bucket?delete", "").isError(400, "MissingRequestBodyError");
        s3.post("/bucket?delete", "<Delete/>").isError(400, "MalformedXML");
        s3.post("/bucket?delete", "<Delete><Object><Key></Key></Object></Delete>")
                .isError(400, "MalformedXML");
        String many = "<Delete>" + "<Object><Key>k</Key></Object>".repeat(1001) + "</Delete>";
        s3.post("/bucket?delete", many).isError(400, "MalformedXML");
        s3.post(
                        "/bucket?delete",
                        "0\r\n\r\n",
                        "x-amz-content-sha256",
                        "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
                        "x-amz-decoded-content-length",
                        "0")
                .isError(400, "InvalidRequest");
        String one = "<Delete><Object><Key>k</Key></Object></Delete>";
        s3.post("/bucket?delete", one, "Content-MD5", "rL0Y20xC+Fzt72VPzMSk2A==")
                .isError(400, "BadDigest");
        s3.post("/bucket?delete", one, "x-amz-checksum-crc32", "AAAAAA==").isError(400, "BadDigest");
    }

    private static XmlElement read(String document) {
        return XmlReader.read(document.getBytes(StandardCharsets.UTF_8), "Delete");
    }
}
