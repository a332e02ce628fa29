package io.forebay.storage.http;

import static io.forebay.storage.NodeFixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.NodeFixture;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// One node takes all of it: nothing that is refused leaves a trace.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {
    private NodeFixture node;

    @BeforeAll
    void open(@TempDir Path folder) {
        node = new NodeFixture(folder);
        node.put("o", "content");
    }

    @AfterAll
    void close() {
        node.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // Paths and buckets.
                "GET|/nothing|400|invalid URL path",
                "GET|/objects|400|bucket name is missing",
                "GET|/objects/b|400|object name in ais://b is empty",
                "PUT|/objects/b/|400|object name in ais://b is empty",
                "GET|/objects/b!/o|400|bucket name \\\"b!\\\" is invalid",
                "GET|/objects/b/%zz|400|invalid percent-encoding",
                "PUT|/objects/b/%ff|400|not UTF-8",
                "GET|/objects/b/o?provider=ftp|400|invalid provider \\\"ftp\\\"",
                "GET|/objects/b/o?provider=aws|404|aws bucket \\\"s3://b\\\" does not exist",
                "GET|/objects/b/o?namespace=%40x%23y|404|bucket \\\"ais://@x#y/b\\\" does not exist",
                "GET|/objects/b/o?namespace=a%20b|400|invalid namespace",
                "PUT|/objects/none/o|404|bucket \\\"ais://none\\\" does not exist",
                "DELETE|/objects/none/o|404|bucket \\\"ais://none\\\" does not exist",
                // Names that AIStore does not have.
                "PUT|/objects/b/..|400|invalid object name \\\"..\\\"",
                "PUT|/objects/b/a/./b|400|invalid object name",
                "PUT|/objects/b/~/x|400|invalid object name",
                "PUT|/objects/b/dir/|400|invalid object name",
                "GET|/objects/b/a/../o|400|invalid object name",
                "DELETE|/objects/b/a/..|400|invalid object name",
                "PATCH|/objects/b/..|400|invalid object name",
                // Features that a storage node does not have.
                "GET|/objects/b/o?archpath=x.txt|400|ais://b/o is not an archive of a known format",
                "GET|/objects/b/o?archregx=&archmode=regexp|400|ais://b/o is not an archive of a known format",
                "GET|/objects/b/o?archpath=../x|400|invalid archpath",
                "GET|/objects/b/o?archregx=(&archmode=regexp|400|invalid regular expression",
                "GET|/objects/b/o?archregx=a&archmode=x|400|unknown matching mode",
                "GET|/objects/b/o?archpath=a&archmode=prefix|400|both archpath and archmode",
                "GET|/objects/b/o?etl_name=e|501|transforming while reading is not supported: ais://b/o",
                "PUT|/objects/b/x?archpath=x.txt|400|does not have the extension of an archive",
                "PUT|/objects/b/x?etl_name=e|501|transforming while copying is not supported",
                // Actions and questions.
                "POST|/objects/b/o|400|invalid action",
                "GET|/buckets/b|400|unexpected query",
                "GET|/buckets/b?what=x|400|unexpected query",
                "GET|/buckets/none?what=uploads|404|bucket \\\"ais://none\\\" does not exist",
                "GET|/buckets/b?what=page|400|invalid JSON message",
                "GET|/daemon|400|unexpected query",
                "GET|/daemon?what=x|400|unexpected query",
                // Methods.
                "POST|/buckets/b|405|Method Not Allowed",
                "PATCH|/daemon|405|Method Not Allowed",
                "PUT|/daemon|501|is not offered",
                "DELETE|/health|405|Method Not Allowed",
            })
    void isAnsweredWithStatusAndReason(Method method, String target, int status, String reason) {
        Reply reply = node.send(method, target);
        assertThat(reply.status()).isEqualTo(status);
        assertThat(text(reply)).contains(reason);
        assertThat(node.names()).containsExactly("o");
        assertThat(node.content("o")).isEqualTo("content");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Ais-Custom-Md|no equals sign|400|invalid format",
                "Ais-Custom-Md|=v|400|empty key",
                "Ais-Checksum-Type|md4|400|invalid checksum type",
                "Ais-Checksum-Type|md5|400|invalid md5 checksum",
                "If-None-Match|\"tag\"|501|only supported with *",
            })
    void headersOfPutAreChecked(String name, String value, int status, String reason) {
        Headers headers = new Headers().add(name, value).add("Ais-Checksum-Value", "abc");
        Reply reply = node.send(Method.PUT, "/objects/b/x", headers, "content");
        assertThat(reply.status()).isEqualTo(status);
        assertThat(text(reply)).contains(reason);
        assertThat(node.names()).containsExactly("o");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Forebay-Checksum|md5",
                "Forebay-Checksum|md4=00",
                "Forebay-Checksum|md5=xyz",
                "Forebay-Verify|crc32=1",
                "Forebay-Compute|md5,,crc32",
                "Forebay-Compute|md4",
                "Forebay-Custom|novalue",
                "Forebay-System|a=%zz",
                "Forebay-State-Version|x",
            })
    void headersOfGatewaysAreCheckedToo(String name, String value) {
        Headers headers = NodeFixture.extended().add(name, value);
        Reply reply = node.send(Method.PUT, "/objects/b/x", headers, "content");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.headers().find("Forebay-Error")).isEqualTo("INVALID_ARGUMENT");
        assertThat(node.names()).containsExactly("o");
    }

    @Test
    void messagesThatAreNoneAreRefused() {
        for (String message : new String[] {"{", "[]", "nonsense", "{\"action\":1,\"value\":[}"}) {
            assertThat(node.send(Method.POST, "/objects/b/o", new Headers(), message)
                            .status())
                    .isEqualTo(400);
            assertThat(node.send(Method.PATCH, "/objects/b/o", new Headers(), message)
                            .status())
                    .isEqualTo(400);
            assertThat(node.send(Method.DELETE, "/objects/b/o", new Headers(), message)
                            .status())
                    .isEqualTo(400);
        }
        String tooLarge = "{\"action\":\"" + "x".repeat(5 << 20) + "\"}";
        assertThat(text(node.send(Method.POST, "/objects/b/o", new Headers(), tooLarge)))
                .contains("larger than");
        assertThat(node.content("o")).isEqualTo("content");
    }

    @Test
    void evictionIsForRemoteBuckets() {
        Reply reply = node.send(Method.DELETE, "/objects/b/o", new Headers(), "{\"action\":\"evict-listrange\"}");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(node.content("o")).isEqualTo("content");
    }

    @Test
    void blobDownloadIsForRemoteBuckets() {
        Reply reply = node.send(Method.GET, "/objects/b/o", new Headers().add("Ais-Blob-Download", "true"));
        assertThat(reply.status()).isEqualTo(400);
        assertThat(text(reply)).contains("blob-downloader is not supported for local buckets: ais://b");
    }

    @Test
    void emptyParametersOfFeaturesCountAsAbsent() {
        Reply reply = node.send(Method.GET, "/objects/b/o?provider=ais&archpath=&archregx=&etl_name=");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(text(reply)).isEqualTo("content");
    }

    @Test
    void tooLongNamesAreRefused() {
        Reply reply = node.send(Method.PUT, "/objects/b/" + "x".repeat(4097), new Headers(), "content");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.headers().find("Forebay-Error")).isEqualTo("TOO_LARGE");
        String longest = "/objects/b/" + "x".repeat(4096);
        assertThat(node.send(Method.PUT, longest, new Headers(), "y").status()).isEqualTo(200);
        assertThat(node.send(Method.DELETE, longest).status()).isEqualTo(200);
    }

    @Test
    void optionsNamesTheMethods() {
        Reply reply = node.send(Method.OPTIONS, "/objects/b/o");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.headers().find("Allow")).isEqualTo("DELETE, GET, HEAD, PATCH, POST, PUT");
    }
}
