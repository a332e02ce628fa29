package io.forebay.gateway.api.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.state.Bucket;
import io.forebay.gateway.TestCluster;
import io.forebay.gateway.TestCluster.Answer;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ObjectListingTest {
    private final TestCluster cluster = TestCluster.local("t1", "t2", "t3").bucket("b", Map.of());

    @Test
    void msgpackForThoseWhoAcceptIt() {
        put("a", "12345");
        Headers headers = new Headers().add("Accept", "application/msgpack");
        String body = "{\"action\":\"list\",\"name\":\"\",\"value\":{\"uuid\":\"abcdefghi\",\"flags\":\"0\"}}";
        Answer answer = cluster.call(Method.GET, "/v1/buckets/b?provider=ais", headers, body);
        assertThat(answer.headers().find("Content-Type")).isEqualTo("application/msgpack");
        byte[] bytes = new byte[answer.body().remaining()];
        answer.body().duplicate().get(bytes);
        assertThat(HexFormat.of().formatHex(bytes))
                .as("the worked example of the protocol reference")
                .isEqualTo("84a455554944a9616263646566676869b1436f6e74696e756174696f6e546f6b656ea0"
                        + "a7456e74726965739183a16ea161a17305a16640a5466c61677300");
    }

    @Test
    void emptyBodyListsToo() {
        put("a", "1");
        assertThat(cluster.call(Method.GET, "/v1/buckets/b").text()).contains("\"name\":\"a\"");
    }

    @Test
    void fullPageHasATokenAndAMultipleOfTheSizeEndsEmpty() {
        for (String name : List.of("a", "b", "c", "d")) {
            put(name, "1");
        }
        assertThat(list("{\"pagesize\":2}").text()).contains("\"continuation_token\":\"b\"");
        assertThat(list("{\"pagesize\":2,\"continuation_token\":\"b\"}").text())
                .contains("\"continuation_token\":\"d\"");
        assertThat(list("{\"pagesize\":2,\"continuation_token\":\"d\"}").text())
                .contains("\"continuation_token\":\"\",\"entries\":[]");
        assertThat(list("{\"pagesize\":3,\"continuation_token\":\"b\"}").text())
                .contains("\"continuation_token\":\"\"");
    }

    @Test
    void sessionIdIsMadeOnceAndReturned() {
        assertThat(list("{}").text()).containsPattern("^\\{\"uuid\":\"[a-zA-Z][a-zA-Z0-9]{8}\"");
        assertThat(list("{\"uuid\":\"mine\"}").text()).startsWith("{\"uuid\":\"mine\"");
    }

    @Test
    void startAfterAndPrefixNarrow() {
        for (String name : List.of("a/1", "a/2", "b", "c")) {
            put(name, "1");
        }
        assertThat(names("{\"start_after\":\"a/1\"}")).containsExactly("a/2", "b", "c");
        assertThat(names("{\"prefix\":\"a/*\"}")).containsExactly("a/1", "a/2");
        assertThat(names("{\"continuation_token\":\"b\",\"start_after\":\"a\"}"))
                .containsExactly("c");
    }

    @Test
    void withoutRecursionDirectoriesAreEntriesOrLeftOut() {
        for (String name : List.of("a/1", "a/2", "b", "c/x/1", "c/y")) {
            put(name, "1");
        }
        assertThat(list("{\"flags\":\"2048\"}").text())
                .contains("{\"name\":\"a/\",\"flags\":256},{\"name\":\"b\",\"size\":\"1\",\"flags\":64}");
        assertThat(names("{\"flags\":\"2048\"}")).containsExactly("a/", "b", "c/");
        assertThat(names("{\"flags\":\"2048\",\"prefix\":\"c/\"}")).containsExactly("c/x/", "c/y");
        assertThat(names("{\"flags\":\"10240\"}")).containsExactly("b");
        assertThat(names("{\"flags\":\"10240\",\"pagesize\":1}")).containsExactly("b");
        assertThat(names("{\"flags\":\"2048\",\"pagesize\":1,\"continuation_token\":\"a/\"}"))
                .containsExactly("b");
    }

    @Test
    void entriesShowWhatIsAskedFor() {
        put("a", "12345");
        assertThat(list("{\"flags\":\"16\",\"props\":\"size,checksum\"}").text())
                .contains("\"entries\":[{\"name\":\"a\",\"flags\":64}]");
        assertThat(list("{\"flags\":\"32\",\"props\":\"checksum\"}").text())
                .contains("\"entries\":[{\"name\":\"a\",\"size\":\"5\",\"flags\":64}]");
        assertThat(list("{\"props\":\"checksum,atime,version,location,copies\",\"time_format\":\"2006\"}")
                        .text())
                .containsPattern("\\{\"name\":\"a\",\"checksum\":\"[0-9a-f]{16}\",\"atime\":\"2023\",\"version\":\"1\","
                        + "\"location\":\"t\\[t[123]]\",\"copies\":1,\"flags\":64}");
        assertThat(list("{\"flags\":\"1\"}").text())
                .containsPattern("\"checksum\":\"[0-9a-f]{16}\",\"atime\":\"14 Nov 23 22:13 UTC\",\"size\":\"5\"");
    }

    @Test
    void bucketWithoutChecksumsShowsNone() {
        cluster.bucket("none", Map.of("checksum.type", "none"));
        cluster.call(Method.PUT, "/v1/objects/none/a", "1");
        String body = "{\"action\":\"list\",\"value\":{\"props\":\"checksum\"}}";
        assertThat(cluster.call(Method.GET, "/v1/buckets/none", body).text()).doesNotContain("\"checksum\"");
    }

    @Test
    void bucketWithoutVersionsShowsNone() {
        cluster.bucket("unversioned", Map.of("versioning.enabled", "false"));
        cluster.call(Method.PUT, "/v1/objects/unversioned/a", "1");
        String body = "{\"action\":\"list\",\"value\":{\"props\":\"version\"}}";
        assertThat(cluster.call(Method.GET, "/v1/buckets/unversioned", body).text())
                .doesNotContain("\"version\"");
    }

    @Test
    void entriesShowHowManyCopiesThereAre() {
        cluster.bucket("twice", Map.of(Bucket.COPIES, "2"));
        cluster.call(Method.PUT, "/v1/objects/twice/a", "1");
        String body = "{\"action\":\"list\",\"value\":{\"props\":\"copies\"}}";
        assertThat(cluster.call(Method.GET, "/v1/buckets/twice", body).text()).contains("\"copies\":2");
    }

    @Test
    void checksumOfAnotherTypeIsShownWhereTheBucketsIsMissing() {
        cluster.bucket("md5", Map.of("checksum.type", "md5"));
        cluster.call(Method.PUT, "/v1/objects/md5/a", "1");
        String body = "{\"action\":\"list\",\"value\":{\"props\":\"checksum\"}}";
        assertThat(cluster.call(Method.GET, "/v1/buckets/md5", body).text())
                .containsPattern("\"checksum\":\"[0-9a-f]{16}\"");
    }

    @Test
    void oneTargetListsItsOwn() {
        List<String> all = new ArrayList<>();
        for (int index = 0; index < 20; index++) {
            put("o" + index, "1");
        }
        for (String target : List.of("t1", "t2", "t3")) {
            all.addAll(names("{\"target\":\"" + target + "\"}"));
        }
        assertThat(all).hasSize(20).doesNotHaveDuplicates();
    }

    private void put(String name, String bytes) {
        assertThat(cluster.call(Method.PUT, "/v1/objects/b/" + name, bytes).status())
                .isEqualTo(200);
    }

    private List<String> names(String message) {
        List<String> names = new ArrayList<>();
        String[] parts = list(message).text().split("\"name\":\"", -1);
        for (int index = 1; index < parts.length; index++) {
            names.add(parts[index].substring(0, parts[index].indexOf('"')));
        }
        return names;
    }

    private Answer list(String message) {
        Answer answer = cluster.call(
                Method.GET, "/v1/buckets/b", "{\"action\":\"list\",\"name\":\"\",\"value\":" + message + "}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer;
    }
}
