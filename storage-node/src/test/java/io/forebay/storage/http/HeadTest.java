package io.forebay.storage.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.HttpDate;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.NodeFixture;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadTest {
    @TempDir
    private Path folder;

    private NodeFixture node;

    @BeforeEach
    void open() {
        node = fixture(folder);
        node.send(Method.PUT, "/objects/b/dir/o", new Headers().add("Ais-Custom-Md", "k=v"), "0123456789");
        node.put("empty", "");
    }

    NodeFixture fixture(Path data) {
        return new NodeFixture(data);
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void withoutPropsEverythingIsTold() {
        Reply reply = node.send(Method.HEAD, "/objects/b/dir/o?provider=ais&props=");
        Headers headers = reply.headers();
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.payload().length()).isEqualTo(10);
        assertThat(headers.find("Ais-Present")).isEqualTo("true");
        assertThat(headers.find("Ais-Name")).isEqualTo("dir/o");
        assertThat(headers.find("Ais-Bucket-Name")).isEqualTo("b");
        assertThat(headers.find("Ais-Bucket-Provider")).isEqualTo("ais");
        assertThat(headers.find("Ais-Location", "")).startsWith("t[node1]:mp[" + folder);
        assertThat(headers.find("Ais-Mirror-Paths")).isEqualTo("[" + folder + "]");
        assertThat(headers.find("Ais-Mirror-Copies")).isEqualTo("1");
        assertThat(headers.find("Ais-Checksum-Type")).isEqualTo("xxhash2");
        assertThat(headers.find("Ais-Version")).isEqualTo("1");
        assertThat(headers.find("Ais-Custom-Md")).isEqualTo("k=v");
        assertThat(headers.contains("Last-Modified")).isFalse();
        assertThat(headers.contains("ETag")).isFalse();
    }

    @Test
    void emptyObjectHasAContentLengthToo() {
        assertThat(node.send(Method.HEAD, "/objects/b/empty").payload().length())
                .isZero();
        assertThat(node.send(Method.HEAD, "/objects/b/empty").headers().find("Ais-Present"))
                .isEqualTo("true");
        assertThat(node.send(Method.HEAD, "/objects/b/empty?props=name,size")
                        .headers()
                        .find("Ais-Present"))
                .isEqualTo("true");
    }

    @Test
    void namedPropsAloneAreTold() {
        Headers few =
                node.send(Method.HEAD, "/objects/b/dir/o?props=name%2Csize").headers();
        assertThat(few.count()).isEqualTo(1);
        Headers many = node.send(
                        Method.HEAD,
                        "/objects/b/dir/o?props=checksum,atime,version,custom,location,copies,ec,chunked,"
                                + "last-modified,etag")
                .headers();
        assertThat(many.find("Ais-Checksum-Value", "")).hasSize(16);
        assertThat(many.find("Ais-Atime", "")).hasSize(19);
        assertThat(many.find("Ais-Version")).isEqualTo("1");
        assertThat(many.find("Ais-Custom-Md")).isEqualTo("k=v");
        assertThat(many.find("Ais-Mirror-Paths")).isEqualTo(folder.toString());
        assertThat(many.find("ETag", "")).matches("\"[0-9a-f]+-x\"");
        assertThat(HttpDate.parse(many.find("Last-Modified", ""))).isNotEqualTo(HttpDate.INVALID);
        assertThat(many.contains("Ais-Name")).isFalse();
        assertThat(many.contains("Ais-Chunks-Count")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cached", "status", "name,present", "target_url"})
    void unknownPropIsRefused(String props) {
        Reply reply = node.send(Method.HEAD, "/objects/b/dir/o?props=" + props);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.headers().find("Hdr-Error", "")).contains("invalid property");
    }

    @Test
    void presenceDecidesHowMuchIsTold() {
        for (int presence : new int[] {0, 2, 4}) {
            Reply reply = node.send(Method.HEAD, "/objects/b/dir/o?presence=" + presence);
            assertThat(reply.headers().contains("Ais-Version")).isTrue();
        }
        for (int presence : new int[] {1, 3}) {
            Reply reply = node.send(Method.HEAD, "/objects/b/dir/o?presence=" + presence + "&props=version");
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.headers().contains("Ais-Version")).isFalse();
            assertThat(reply.payload().length()).isEqualTo(10);
        }
        assertThat(node.send(Method.HEAD, "/objects/b/dir/o?presence=5").status())
                .isEqualTo(400);
        assertThat(node.send(Method.HEAD, "/objects/b/dir/o?presence=x").status())
                .isEqualTo(400);
        assertThat(node.send(Method.HEAD, "/objects/b/none?presence=0&props=size")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void archiveAndTransformParametersDescribeTheStoredObject() {
        Reply reply =
                node.send(Method.HEAD, "/objects/b/dir/o?archpath=x&archregx=y&archmode=regexp&etl_name=z&props=size");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.payload().length()).isEqualTo(10);
    }
}
