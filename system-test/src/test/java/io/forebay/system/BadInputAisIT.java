package io.forebay.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.system.server.Cluster;
import io.forebay.system.server.RawHttp;
import io.forebay.system.server.RawHttp.Answer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the AIStore face does with requests that are wrong: right status, a message that names the thing, nothing
/// stored, and the connection usable. With one storage node, so that the same address answers after a redirect.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BadInputAisIT {
    private Cluster cluster;
    private RawHttp http;

    @BeforeAll
    void startCluster(@TempDir Path data) {
        cluster = Cluster.start(data, 1);
        http = new RawHttp(cluster.url());
        assertThat(http.send("POST", "/v1/buckets/bucket", "{\"action\":\"create-bck\"}")
                        .status())
                .isEqualTo(200);
        assertThat(follow("PUT", "/v1/objects/bucket/kept", "", "kept").status())
                .isEqualTo(200);
    }

    @AfterAll
    void stopCluster() {
        http.close();
        cluster.close();
    }

    @BeforeEach
    void freshConnection() {
        http.close();
        http = new RawHttp(cluster.url());
    }

    @AfterEach
    void nothingElseIsStored() {
        Answer listed = http.send("GET", "/v1/buckets/bucket", "{\"action\":\"list\",\"value\":{}}");
        assertThat(listed.status()).isEqualTo(200);
        assertThat(listed.text()).containsOnlyOnce("\"name\"").contains("\"kept\"");
        assertThat(follow("GET", "/v1/objects/bucket/kept", "", "").text()).isEqualTo("kept");
        assertThat(http.send("GET", "/v1/buckets", "{\"action\":\"list\"}").text())
                .containsOnlyOnce("\"name\":\"bucket\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // Paths
                "GET    | /v1                             | | 404 | ",
                "GET    | /v1/nonsense                    | | 404 | nonsense",
                "GET    | /v1/daemon                      | | 400 | what",
                "GET    | /v1/daemon?what=nonsense        | | 400 | nonsense",
                "GET    | /v1/cluster?what=nonsense       | | 400 | nonsense",
                "PATCH  | /v1/buckets/bucket              | {`action`:`nonsense`} | 400 | nonsense",
                // Buckets
                "POST   | /v1/buckets/a..b                | {`action`:`create-bck`} | 400 | a..b",
                "POST   | /v1/buckets/a%20b               | {`action`:`create-bck`} | 400 | a b",
                "POST   | /v1/buckets/bucket              | {`action`:`create-bck`} | 409 | ais://bucket",
                "POST   | /v1/buckets/bucket              | {`action`:`nonsense`}   | 400 | nonsense",
                "POST   | /v1/buckets/bucket              | no json                 | 400 | ",
                "POST   | /v1/buckets/bucket              |                         | 400 | ",
                "POST   | /v1/buckets/new?provider=cloud  | {`action`:`create-bck`} | 400 | cloud",
                "DELETE | /v1/buckets/absent              | {`action`:`destroy-bck`} | 404 | ais://absent",
                "GET    | /v1/buckets/absent              | {`action`:`list`,`value`:{}} | 404 | ais://absent",
                "GET    | /v1/buckets/bucket              | {`action`:`list`,`value`:{`pagesize`:`-1`}} | 400 | ",
                "GET    | /v1/buckets/bucket              | {`action`:`list`,`value`:{`pagesize`:`ten`}} | 400 | ",
                "PATCH  | /v1/buckets/bucket              | {`action`:`set-bprops`,`value`:{`nonsense`:{`x`:1}}} | 400"
                        + " | nonsense",
                "PATCH  | /v1/buckets/bucket              | {`action`:`set-bprops`,`value`:{`checksum`:{`type`:`crc`}}}"
                        + " | 400 | crc",
            })
    void requestIsRefusedByName(String method, String target, String body, int status, String named) {
        String json = body == null ? "" : body.strip().replace('`', '"');
        Answer answer = http.send(method, target, json);
        assertRefused(answer, status, named == null ? "" : named);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET    | /v1/objects/bucket/absent           | | 404 | ais://bucket/absent",
                "DELETE | /v1/objects/bucket/absent           | | 404 | ais://bucket/absent",
                "GET    | /v1/objects/absent/object           | | 404 | ais://absent",
                "PUT    | /v1/objects/absent/object           | | 404 | ais://absent",
                "DELETE | /v1/objects/absent/object           | | 404 | ais://absent",
                "PUT    | /v1/objects/bucket                  | | 400 | ",
                "PUT    | /v1/objects/bucket/a/../b           | | 400 | ..",
                "PUT    | /v1/objects/bucket/./b              | | 400 | ",
                "PUT    | /v1/objects/bucket/ends/            | | 400 | ends/",
                "PUT    | /v1/objects/bucket/%zz              | | 400 | %zz",
                "PUT    | /v1/objects/bucket/x?provider=cloud | | 400 | cloud",
                "PUT    | /v1/objects/bucket/x | Ais-Checksum-Type: xxhash2~Ais-Checksum-Value: 0123456789abcdef | 500 |"
                        + " ",
                "PUT    | /v1/objects/bucket/x | Ais-Checksum-Type: nonsense~Ais-Checksum-Value: 01 | 400 | nonsense",
                "PUT    | /v1/objects/bucket/x | Ais-Checksum-Type: md5~Ais-Checksum-Value: 01 | 400 | md5",
                "GET    | /v1/objects/bucket/kept | Range: bytes=4- | 416 | ",
                "PUT    | /v1/objects/bucket/x?append_type=nonsense   | | 400 | nonsense",
                "PUT    | /v1/objects/bucket/x?append_type=flush&append_handle=nonsense | | 400 | ",
                "PUT    | /v1/objects/bucket/x?uploadId=absent&partNumber=1   | | 404 | absent",
                "PUT    | /v1/objects/bucket/x?uploadId=absent&partNumber=one | | 400 | ",
                "PUT    | /v1/objects/bucket/x?uploadId=absent&partNumber=0   | | 400 | ",
            })
    void objectRequestIsRefusedByName(String method, String target, String headers, int status, String named) {
        String lines = headers == null ? "" : headers.strip().replace("~", "\r\n") + "\r\n";
        Answer answer = follow(method, target, lines, method.equals("PUT") ? "content" : "");
        assertRefused(answer, status, named == null ? "" : named);
    }

    @Test
    void bodyThatEndsEarlyStoresNothing() throws Exception {
        http.write(("PUT /v1/objects/bucket/early HTTP/1.1\r\nHost: "
                        + cluster.url().getAuthority() + "\r\nContent-Length: 100\r\n\r\nonly this")
                .getBytes(StandardCharsets.ISO_8859_1));
        http.reconnect();
        assertThat(follow("GET", "/v1/objects/bucket/early", "", "").status()).isEqualTo(404);
    }

    @Test
    void failedHeadCarriesItsErrorInAHeader() {
        Answer answer = followHead("/v1/objects/bucket/absent");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.header("hdr-error")).contains("ais://bucket/absent");
        assertThat(http.send("HEAD", "/v1/buckets/absent").status()).isEqualTo(404);
    }

    @Test
    void clientsCannotSpeakTheLanguageOfNodes() {
        Answer answer = follow("GET", "/v1/objects/bucket/kept", "Forebay-Attributes: 1\r\n", "");
        assertThat(answer.headers().keySet()).noneMatch(name -> name.startsWith("forebay-"));
        Answer page = http.send("GET", "/v1/buckets/bucket?what=page", "{\"prefix\":\"\",\"limit\":10}");
        assertThat(page.status()).isBetween(400, 499);
    }

    private Answer follow(String method, String target, String headers, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        Answer answer = http.send(method, target, headers, bytes);
        return isRedirect(answer) ? http.send(method, pathOf(answer), headers, bytes) : answer;
    }

    private Answer followHead(String target) {
        Answer answer = http.send("HEAD", target);
        return isRedirect(answer) ? http.send("HEAD", pathOf(answer)) : answer;
    }

    private static boolean isRedirect(Answer answer) {
        return answer.status() == 301 || answer.status() == 307;
    }

    private String pathOf(Answer redirect) {
        String location = redirect.header("location");
        assertThat(location).startsWith(cluster.url().toString());
        return location.substring(cluster.url().toString().length());
    }

    private static void assertRefused(Answer answer, int status, String named) {
        assertThat(answer.text()).contains("\"message\":").contains(named);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.text()).contains("\"status\":" + status);
    }
}
