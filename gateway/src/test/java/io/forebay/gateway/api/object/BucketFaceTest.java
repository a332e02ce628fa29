package io.forebay.gateway.api.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.gateway.TestCluster;
import io.forebay.gateway.TestCluster.Answer;
import io.forebay.protocol.api.AisHeaders;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BucketFaceTest {
    private final TestCluster cluster = TestCluster.local("t1", "t2");

    @Test
    void noBucketsAreAnEmptyArray() {
        assertThat(list("/v1/buckets").text()).isEqualTo("[]\n");
        assertThat(list("/v1/buckets/?provider=ais").text()).isEqualTo("[]\n");
        assertThat(list("/v1/buckets").headers().find("Content-Type")).isEqualTo("application/json; charset=utf-8");
    }

    @Test
    void bucketsLiveFromCreationToDestruction() {
        assertThat(act(Method.POST, "b2", "create-bck", "null").status()).isEqualTo(200);
        assertThat(act(Method.POST, "b1", "create-bck", "null").status()).isEqualTo(200);
        assertThat(list("/v1/buckets?provider=").text())
                .isEqualTo("[{\"name\":\"b1\",\"provider\":\"ais\",\"namespace\":{\"uuid\":\"\",\"name\":\"\"}},"
                        + "{\"name\":\"b2\",\"provider\":\"ais\",\"namespace\":{\"uuid\":\"\",\"name\":\"\"}}]\n");
        assertThat(list("/v1/buckets?provider=aws").text()).isEqualTo("[]\n");
        Answer again = act(Method.POST, "b1", "create-bck", "null");
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.text())
                .startsWith(
                        "{\"tcode\":\"ErrBucketAlreadyExists\",\"message\":\"bucket \\\"ais://b1\\\" already exists\"");
        assertThat(act(Method.DELETE, "b1", "destroy-bck", "null").status()).isEqualTo(200);
        Answer gone = act(Method.DELETE, "b1", "destroy-bck", "null");
        assertThat(gone.status()).isEqualTo(404);
        assertThat(gone.text())
                .isEqualTo("{\"tcode\":\"ErrBckNotFound\",\"message\":\"bucket \\\"ais://b1\\\" does not exist\","
                        + "\"method\":\"DELETE\",\"url_path\":\"/v1/buckets/b1\",\"remote_addr\":\"client:77\","
                        + "\"caller\":\"\",\"node\":\"p[gateway1]\",\"status\":404}\n");
    }

    @Test
    void bucketsOfANamespaceAreTheirOwn() {
        String query = "?provider=ais&namespace=%40%23ns";
        assertThat(cluster.call(Method.POST, "/v1/buckets/b" + query, "{\"action\":\"create-bck\"}")
                        .status())
                .isEqualTo(200);
        assertThat(cluster.call(Method.HEAD, "/v1/buckets/b").status()).isEqualTo(404);
        assertThat(cluster.call(Method.HEAD, "/v1/buckets/b" + query).status()).isEqualTo(200);
        assertThat(list("/v1/buckets" + query).text()).contains("\"namespace\":{\"uuid\":\"\",\"name\":\"ns\"}");
        Answer again = cluster.call(Method.POST, "/v1/buckets/b" + query, "{\"action\":\"create-bck\"}");
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.text())
                .contains("bucket \\\"ais://b\\\" of namespace \\\"@#ns\\\" already exists")
                .contains("ErrBucketAlreadyExists");
    }

    @Test
    void noBucketHasInventories() {
        act(Method.POST, "b", "create-bck", "null");
        assertThat(cluster.call(Method.GET, "/v1/buckets/b", "{\"action\":\"show-inventory\"}")
                        .text())
                .isEqualTo("{}\n");
        assertThat(cluster.call(Method.GET, "/v1/buckets/nope", "{\"action\":\"show-inventory\"}")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void propertiesAreCreatedSetShownAndReset() {
        act(Method.POST, "b", "create-bck", "{\"checksum\":{\"type\":\"md5\"}}");
        assertThat(properties("b")).contains("\"checksum\":{\"type\":\"md5\"").contains("\"bid\":\"1\"");
        assertThat(act(Method.PATCH, "b", "set-bprops", "{\"versioning\":{\"enabled\":false}}")
                        .status())
                .isEqualTo(200);
        assertThat(properties("b"))
                .contains("\"versioning\":{\"enabled\":false")
                .contains("{\"type\":\"md5\"");
        assertThat(act(Method.PATCH, "b", "reset-bprops", "null").status()).isEqualTo(200);
        assertThat(properties("b")).contains("\"versioning\":{\"enabled\":true").contains("{\"type\":\"xxhash2\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    POST   | a..b | create-bck       | null | 400 | bucket name \\"a..b\\" is invalid
                    POST   | .b   | create-bck       | null | 400 | is invalid
                    POST   | n    | create-bck       | {"x":1} | 400 | unknown bucket property \\"x\\"
                    POST   | n    | create-bck       | [] | 400 | expecting a JSON object
                    POST   | n    | create-bck       | {"ec":{"enabled":true}} | 501 | erasure coding is not offered
                    PATCH  | b    | set-bprops       | {"mirror":{"copies":1}} | 400 | expecting 2 to 8
                    PATCH  | nope | set-bprops       | {} | 404 | bucket \\"ais://nope\\" does not exist
                    PATCH  | b    | other            | {} | 400 | unknown bucket action \\"other\\"
                    GET    | nope | list             | {} | 404 | bucket \\"ais://nope\\" does not exist
                    GET    | b    | other            | {} | 400 | unknown bucket action
                    GET    | b    | summary-shard    | {} | 501 | \\"summary-shard\\" is not offered
                    GET    | b    | list             | {"pagesize":-1} | 400 | invalid page size -1
                    GET    | b    | list             | {"flags":"x"} | 400 | invalid flags \\"x\\"
                    GET    | b    | list             | {"flags":"513"} | 400 | \\"cached\\" and \\"not cached\\"
                    GET    | b    | list             | {"flags":"512"} | 400 | require a remote bucket
                    GET    | b    | list             | {"flags":"32768"} | 501 | inventories
                    GET    | b    | list             | {"prefix":"../x"} | 400 | invalid object name \\"../x\\"
                    GET    | b    | list             | {"target":"t9"} | 404 | t9
                    GET    | b    | list             | 7 | 400 | invalid JSON message
                    DELETE | b    | evict-remote-bck | null | 400 | not a remote bucket
                    DELETE | b    | evict-listrange  | {} | 400 | not a remote bucket
                    DELETE | b    | delete-listrange | {} | 501 | not offered
                    POST   | b    | prefetch-listrange | {} | 400 | not a remote bucket
                    POST   | b    | copy-bck         | {} | 400 | no destination bucket
                    POST   | nope | move-bck         | null | 404 | ais://nope
                    POST   | b    | make-n-copies    | 9 | 400 | invalid number of copies \\"9\\": expecting 1 to 8
                    POST   | b    | make-n-copies    | 0 | 400 | invalid number of copies
                    POST   | b    | make-n-copies    | null | 400 | invalid number of copies
                    POST   | b    | make-n-copies    | 4 | 400 | bucket ais://b cannot have 4 copies: 2 storage nodes own objects
                    PATCH  | b    | set-bprops       | {"mirror":{"enabled":true,"copies":4}} | 400 | cannot have 4 copies
                    POST   | n    | create-bck       | {"mirror":{"enabled":true,"copies":5}} | 400 | cannot have 5 copies
                    PUT    | b    | archive          | {} | 501 | not offered
                    PUT    | b    | other            | {} | 400 | unknown bucket action
                    """)
    void wrongRequestsAreTold(Method method, String bucket, String action, String value, int status, String text) {
        cluster.bucket("b", Map.of());
        Answer answer = act(method, bucket, action, value);
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.text()).contains(text);
    }

    @Test
    void renamingIsCheckedBeforeItIsRefused() {
        cluster.bucket("b", Map.of()).bucket("c", Map.of());
        assertThat(rename("ais/@%23/b/").status()).isEqualTo(400);
        assertThat(rename("ais/@%23/c/").text()).contains("already exists");
        assertThat(rename("junk").status()).isEqualTo(400);
        assertThat(rename("ais/@%23/d/").status()).isEqualTo(501);
    }

    @Test
    void remoteBucketsCannotBeMade() {
        Answer answer = cluster.call(Method.POST, "/v1/buckets/b?provider=aws", "{\"action\":\"create-bck\"}");
        assertThat(answer.status()).isEqualTo(501);
        assertThat(answer.text()).contains("cannot create bucket s3://b");
    }

    @Test
    void pagesOfStorageNodesAreNotForClients() {
        cluster.bucket("b", Map.of());
        Answer answer = cluster.call(Method.GET, "/v1/buckets/b?what=page", "{\"prefix\":\"\",\"limit\":10}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains("what=page");
    }

    @Test
    void headOfAPathBelowABucketNeedsASummary() {
        cluster.bucket("b", Map.of());
        assertThat(cluster.call(Method.HEAD, "/v1/buckets/b/prefix").status()).isEqualTo(400);
    }

    @Test
    void accessRefusesDestruction() {
        cluster.bucket("b", Map.of("access", "771"));
        Answer answer = act(Method.DELETE, "b", "destroy-bck", "null");
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.text()).contains("DESTROY-BUCKET access denied");
        assertThat(act(Method.PATCH, "b", "set-bprops", "{\"access\":\"18446744073709551615\"}")
                        .status())
                .isEqualTo(200);
        assertThat(act(Method.DELETE, "b", "destroy-bck", "null").status()).isEqualTo(200);
    }

    @Test
    void summariesAreBegunThenAskedFor() {
        cluster.bucket("b", Map.of());
        cluster.call(Method.PUT, "/v1/objects/b/x1", "123");
        cluster.call(Method.PUT, "/v1/objects/b/x2", "12345");
        cluster.call(Method.PUT, "/v1/objects/b/y", "1");
        Answer begun = act(Method.GET, "b", "summary-bck", "{\"uuid\":\"\",\"prefix\":\"x\"}");
        assertThat(begun.status()).isEqualTo(202);
        String body = "{\"uuid\":\"" + begun.text() + "\"}";
        Answer done = until(() -> act(Method.GET, "b", "summary-bck", body));
        assertThat(done.text())
                .contains("\"name\":\"b\",\"provider\":\"ais\",\"namespace\":{\"uuid\":\"\",\"name\":\"\"}")
                .contains("\"obj_count_present\":\"2\"")
                .contains("\"obj_min_size\":3")
                .contains("\"obj_avg_size\":4")
                .contains("\"obj_max_size\":5")
                .contains("\"size_all_present_objs\":\"8\"")
                .contains("\"total_disks_size\":\"2000\"")
                .contains("\"is_present\":true");
        assertThat(act(Method.GET, "b", "summary-bck", "{\"uuid\":\"unknown99\"}")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void summariesInHeadersToo() {
        cluster.bucket("b", Map.of());
        cluster.call(Method.PUT, "/v1/objects/b/x1", "123");
        Answer begun = cluster.call(Method.HEAD, "/v1/buckets/b?bsumm_remote=False&presence=0");
        assertThat(begun.status()).isEqualTo(202);
        assertThat(begun.headers().find(AisHeaders.BUCKET_PROPERTIES)).isNotNull();
        String uuid = begun.headers().find(AisHeaders.JOB_ID, "");
        Answer done = until(() -> cluster.call(Method.HEAD, "/v1/buckets/b?bsumm_remote=False&uuid=" + uuid));
        assertThat(done.headers().find(AisHeaders.BUCKET_SUMMARY, "")).contains("\"obj_count_present\":\"1\"");
    }

    private static Answer until(Supplier<Answer> question) {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        Answer answer = question.get();
        while (answer.status() == 202 && System.nanoTime() < deadline) {
            Thread.onSpinWait();
            answer = question.get();
        }
        assertThat(answer.status()).isEqualTo(200);
        return answer;
    }

    private String properties(String bucket) {
        return cluster.call(Method.HEAD, "/v1/buckets/" + bucket).headers().find(AisHeaders.BUCKET_PROPERTIES, "");
    }

    private Answer rename(String target) {
        return cluster.call(Method.POST, "/v1/buckets/b?bck_to=" + target, "{\"action\":\"move-bck\"}");
    }

    private Answer list(String target) {
        return cluster.call(Method.GET, target, new Headers(), "{\"action\":\"list\",\"name\":\"\",\"value\":null}");
    }

    private Answer act(Method method, String bucket, String action, String value) {
        String body = "{\"action\":\"" + action + "\",\"name\":\"\",\"value\":" + value + "}";
        return cluster.call(method, "/v1/buckets/" + bucket + "?provider=ais", body);
    }
}
