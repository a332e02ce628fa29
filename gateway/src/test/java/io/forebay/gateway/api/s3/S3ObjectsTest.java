package io.forebay.gateway.api.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.common.io.Checksummers;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.NodeId;
import io.forebay.gateway.api.s3.S3Client.Answer;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class S3ObjectsTest {
    private final S3Client s3 = new S3Client();

    @BeforeEach
    void createBucket() {
        s3.put("/bucket", "").hasStatus(200);
    }

    @Test
    void whatIsPutCanBeReadWithItsMetadata() {
        Answer put = s3.put(
                "/bucket/a%20b/c%2Bd",
                "hello",
                "Content-Type",
                "text/plain",
                "Cache-Control",
                "no-cache",
                "Content-Encoding",
                "gzip, aws-chunked",
                "x-amz-meta-Color",
                "blue",
                "x-amz-meta-empty",
                "");
        put.hasStatus(200);
        assertThat(put.header("ETag")).isEqualTo("\"5d41402abc4b2a76b9719d911017c592\"");
        assertThat(put.header("x-amz-checksum-crc64nvme")).isEqualTo(crc64("hello"));
        assertThat(put.header("x-amz-checksum-type")).isEqualTo("FULL_OBJECT");

        Answer get = s3.get("/bucket/a%20b/c%2Bd").hasStatus(200);
        assertThat(get.body()).isEqualTo("hello");
        assertThat(get.header("Content-Type")).isEqualTo("text/plain");
        assertThat(get.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(get.header("Content-Encoding")).isEqualTo("gzip");
        assertThat(get.header("x-amz-meta-color")).isEqualTo("blue");
        assertThat(get.headers().find("x-amz-meta-empty")).isEmpty();
        assertThat(get.header("ETag")).isEqualTo(put.header("ETag"));
        assertThat(get.header("Accept-Ranges")).isEqualTo("bytes");
        assertThat(get.header("Last-Modified")).endsWith(" GMT");
        assertThat(get.headers().find("x-amz-checksum-crc64nvme")).isNull();
        assertThat(get.headers().toString()).doesNotContain("Forebay-");

        Answer head =
                s3.head("/bucket/a%20b/c%2Bd", "x-amz-checksum-mode", "ENABLED").hasStatus(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.header("x-amz-checksum-crc64nvme")).isEqualTo(crc64("hello"));
    }

    @Test
    void replacingAnObjectReplacesItsMetadata() {
        s3.put("/bucket/k", "1", "x-amz-meta-a", "1");
        s3.put("/bucket/k", "2", "x-amz-meta-b", "2");
        Answer get = s3.get("/bucket/k");
        assertThat(get.body()).isEqualTo("2");
        assertThat(get.headers().find("x-amz-meta-a")).isNull();
        assertThat(get.header("x-amz-meta-b")).isEqualTo("2");
        assertThat(get.header("Content-Type")).isEqualTo("binary/octet-stream");
    }

    @ParameterizedTest
    @CsvSource({
        "caf\u00e9, caf\u00e9",
        "caf\u00c3\u00a9, caf\u00e9",
        "=?UTF-8?Q?caf=C3=A9?=, =?UTF-8?Q?caf=C3=A9?=",
        "\u00ff\u00a0x, \u00ff\u00a0x",
        "a b, a b",
        "\u00e2\u0082\u00ac, =?UTF-8?B?4oKs?=",
    })
    void metadataIsTextInWhicheverBytesItCame(String sent, String told) {
        s3.put("/bucket/k", "1", "x-amz-meta-name", sent).hasStatus(200);
        assertThat(s3.head("/bucket/k").header("x-amz-meta-name")).isEqualTo(told);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a//b", "%2Fa", "a/", ".", "..", "a/../b", "%20", "a%20", "%F0%9F%98%80", "a%00b", "%3F"})
    void anyNameIsAName(String name) {
        s3.put("/bucket/" + name, name).hasStatus(200);
        assertThat(s3.get("/bucket/" + name).hasStatus(200).body()).isEqualTo(name);
        s3.delete("/bucket/" + name).hasStatus(204);
        s3.get("/bucket/" + name).isError(404, "NoSuchKey");
    }

    @Test
    void bucketCanBeInTheHostName() {
        s3.call(Method.PUT, "/dir/k", "vhost", "Host", "bucket.localhost:8080").hasStatus(200);
        assertThat(s3.get("/bucket/dir/k").body()).isEqualTo("vhost");
        assertThat(s3.get("/dir/k", "Host", "BUCKET.s3.localhost").body()).isEqualTo("vhost");
        assertThat(s3.get("/?list-type=2", "Host", "bucket.localhost").elements("Key"))
                .isEqualTo("dir/k");
        s3.get("/bucket/dir/k", "Host", "127.0.0.1:8080").hasStatus(200);
        s3.get("/bucket/dir/k", "Host", "[::1]:8080").hasStatus(200);
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 206, 0, bytes 0-0/10",
        "bytes=4-7, 206, 4567, bytes 4-7/10",
        "bytes=4-, 206, 456789, bytes 4-9/10",
        "bytes=-3, 206, 789, bytes 7-9/10",
        "bytes=-100, 206, 0123456789, bytes 0-9/10",
        "bytes=8-100, 206, 89, bytes 8-9/10",
        "'bytes=0-1,3-4', 200, 0123456789, ''",
        "bytes=5-4, 200, 0123456789, ''",
        "letters=0-1, 200, 0123456789, ''",
    })
    void rangeIsServed(String range, int status, String body, String contentRange) {
        s3.put("/bucket/k", "0123456789");
        Answer get = s3.get("/bucket/k", "Range", range, "x-amz-checksum-mode", "ENABLED");
        get.hasStatus(status);
        assertThat(get.body()).isEqualTo(body);
        assertThat(get.header("Content-Range")).isEqualTo(contentRange);
        assertThat(get.headers().contains("x-amz-checksum-crc64nvme")).isEqualTo(status == 200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=10-", "bytes=10-20", "bytes=-0"})
    void rangeOutsideIsRefused(String range) {
        s3.put("/bucket/k", "0123456789");
        Answer refused = s3.get("/bucket/k", "Range", range).isError(416, "InvalidRange");
        assertThat(refused.element("RangeRequested")).isEqualTo(range);
    }

    @Test
    void conditionsOfReads() {
        String etag = s3.put("/bucket/k", "x").header("ETag");
        String modified = s3.head("/bucket/k").header("Last-Modified");
        String before = "Mon, 01 Jan 2001 00:00:00 GMT";
        s3.get("/bucket/k", "If-Match", etag).hasStatus(200);
        s3.get("/bucket/k", "If-Match", "\"other\"").isError(412, "PreconditionFailed");
        Answer known = s3.get("/bucket/k", "If-None-Match", etag).hasStatus(304);
        assertThat(known.body()).isEmpty();
        assertThat(known.header("ETag")).isEqualTo(etag);
        s3.get("/bucket/k", "If-None-Match", "\"other\"").hasStatus(200);
        s3.get("/bucket/k", "If-Modified-Since", modified).hasStatus(304);
        s3.get("/bucket/k", "If-Modified-Since", before).hasStatus(200);
        s3.get("/bucket/k", "If-Unmodified-Since", modified).hasStatus(200);
        s3.get("/bucket/k", "If-Unmodified-Since", before).isError(412, "PreconditionFailed");
        Answer head = s3.head("/bucket/k", "If-Match", "\"other\"").hasStatus(412);
        assertThat(head.body()).isEmpty();
    }

    @Test
    void conditionsOfWrites() {
        s3.put("/bucket/k", "x", "If-Match", "*").isError(404, "NoSuchKey");
        String etag =
                s3.put("/bucket/k", "x", "If-None-Match", "*").hasStatus(200).header("ETag");
        s3.put("/bucket/k", "y", "If-None-Match", "*").isError(412, "PreconditionFailed");
        s3.put("/bucket/k", "y", "If-None-Match", etag).isError(412, "PreconditionFailed");
        s3.put("/bucket/k", "y", "If-Match", "other").isError(412, "PreconditionFailed");
        s3.put("/bucket/k", "y", "If-Match", "*", "If-None-Match", "*").isError(501, "NotImplemented");
        assertThat(s3.get("/bucket/k").body()).isEqualTo("x");
        s3.put("/bucket/k", "y", "If-Match", etag).hasStatus(200);
        s3.put("/bucket/k", "z", "If-None-Match", etag).hasStatus(200);
        s3.delete("/bucket/k", "If-Match", etag).isError(412, "PreconditionFailed");
        s3.delete("/bucket/k", "If-Match", "*").hasStatus(204);
    }

    @Test
    void answersCanBeOverridden() {
        s3.put("/bucket/k", "x", "Content-Type", "text/plain", "Cache-Control", "a");
        Answer get = s3.get("/bucket/k?response-content-type=foo%2Fbar&response-cache-control=no-cache"
                + "&response-content-disposition=bla&response-content-language=esperanto"
                + "&response-content-encoding=aaa&response-expires=123");
        assertThat(get.headers().all("Content-Type")).containsExactly("foo/bar");
        assertThat(get.headers().all("Cache-Control")).containsExactly("no-cache");
        assertThat(get.header("Content-Disposition")).isEqualTo("bla");
        assertThat(get.header("Content-Language")).isEqualTo("esperanto");
        assertThat(get.header("Content-Encoding")).isEqualTo("aaa");
        assertThat(get.header("Expires")).isEqualTo("123");
    }

    @Test
    void smallReadIsAnsweredWithoutWaitingAndWritesAreNotBegun() {
        s3.put("/bucket/k", "x");
        assertThat(onLoop(Method.GET, "/bucket/k").status()).isEqualTo(200);
        assertThat(onLoop(Method.HEAD, "/bucket/k").status()).isEqualTo(200);
        assertThat(onLoop(Method.GET, "/bucket/missing").status()).isEqualTo(404);
        assertThat(onLoop(Method.GET, "/").status()).isEqualTo(200);
        assertThat(onLoop(Method.DELETE, "/bucket/k").wouldWait()).isTrue();
        assertThat(onLoop(Method.GET, "/bucket?list-type=2").wouldWait()).isTrue();
        assertThat(s3.get("/bucket/k").status()).isEqualTo(200);
    }

    private Reply onLoop(Method method, String target) {
        Request request = new Request(method, target, new Headers().add("Host", "localhost"));
        InetSocketAddress remote = InetSocketAddress.createUnresolved("localhost", 1);
        return s3.reply(new DirectExchange(request, Body.empty(), false, remote, false, "1"));
    }

    @Test
    void removingIsIdempotent() {
        s3.delete("/bucket/none").hasStatus(204);
        s3.put("/bucket/k", "x");
        s3.delete("/bucket/k?versionId=null").hasStatus(204);
        s3.delete("/bucket/k?versionId=1").isError(400, "InvalidArgument");
    }

    @Test
    void removingManyTellsEachResult() {
        s3.put("/bucket/a", "1");
        s3.put("/bucket/b", "1");
        String document = "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Object><Key>a</Key></Object>"
                + "<Object><Key>none&amp;</Key><VersionId>null</VersionId></Object>"
                + "<Object><Key>b</Key><ETag>other</ETag></Object></Delete>";
        Answer answer = s3.post("/bucket?delete", document).hasStatus(200);
        assertThat(answer.body())
                .contains("<Deleted><Key>a</Key></Deleted>")
                .contains("<Deleted><Key>none&amp;</Key><VersionId>null</VersionId></Deleted>")
                .contains("<Error><Key>b</Key><Code>PreconditionFailed</Code>");
        assertThat(s3.get("/bucket").elements("Key")).isEqualTo("b");
        String quiet = "<Delete><Quiet>true</Quiet><Object><Key>b</Key></Object></Delete>";
        assertThat(s3.post("/bucket?delete", quiet).body()).doesNotContain("Deleted>");
        assertThat(s3.get("/bucket").elements("Key")).isEmpty();
    }

    @Test
    void manyRemovalsGoTogetherWhileEveryObjectIsWhereItBelongs() {
        StringBuilder document = new StringBuilder("<Delete>");
        for (int index = 0; index < 30; index++) {
            s3.put("/bucket/k" + index, "1");
            document.append("<Object><Key>k").append(index).append("</Key></Object>");
        }
        s3.cluster.requests().clear();
        s3.post("/bucket?delete", document.append("</Delete>").toString()).hasStatus(200);
        assertThat(s3.cluster.requests())
                .as("one to each owner")
                .hasSameSizeAs(s3.cluster.nodes().keySet())
                .extracting(request -> request.method() + " " + request.target())
                .containsOnly("DELETE /v1/buckets/bucket?provider=ais&what=objects");
        assertThat(s3.get("/bucket").elements("Key")).isEmpty();
    }

    @Test
    void removalsThatCannotGoTogetherGoEachByItself() {
        s3.put("/bucket/a", "1");
        s3.put("/bucket/b", "1");
        s3.cluster
                .commands()
                .submit(new Command.Join(new Node(
                        new NodeId("node9"), Node.Role.STORAGE, "http://localhost:9009", "", Node.Phase.ACTIVE)));
        s3.cluster.requests().clear();
        String document = "<Delete><Object><Key>a</Key></Object><Object><Key>b</Key></Object></Delete>";
        assertThat(s3.post("/bucket?delete", document).hasStatus(200).elements("Key"))
                .isEqualTo("a,b");
        assertThat(s3.cluster.requests()).extracting(Request::method).containsExactly(Method.DELETE, Method.DELETE);
    }

    @Test
    void attributesOfAnObject() {
        s3.put("/bucket/k", "hello", "x-amz-checksum-crc32", base64(ChecksumType.CRC32, "hello"));
        Answer answer = s3.get(
                        "/bucket/k?attributes",
                        "x-amz-object-attributes",
                        "ETag,Checksum,ObjectParts, StorageClass,ObjectSize")
                .hasStatus(200);
        assertThat(answer.element("ETag")).isEqualTo("5d41402abc4b2a76b9719d911017c592");
        assertThat(answer.element("ObjectSize")).isEqualTo("5");
        assertThat(answer.element("StorageClass")).isEqualTo("STANDARD");
        assertThat(answer.element("ChecksumCRC32")).isEqualTo(base64(ChecksumType.CRC32, "hello"));
        assertThat(answer.body()).doesNotContain("ObjectParts");
        s3.get("/bucket/k?attributes").isError(400, "InvalidArgument");
        s3.get("/bucket/k?attributes", "x-amz-object-attributes", "Foo").isError(400, "InvalidArgument");
    }

    @Test
    void partOfAPlainObject() {
        s3.put("/bucket/k", "hello");
        assertThat(s3.get("/bucket/k?partNumber=1").hasStatus(206).body()).isEqualTo("hello");
        s3.get("/bucket/k?partNumber=2").isError(400, "InvalidPart");
        s3.get("/bucket/k?partNumber=0").isError(400, "InvalidArgument");
        s3.get("/bucket/k?partNumber=1", "Range", "bytes=0-1").isError(400, "InvalidRequest");
    }

    static String crc64(String latin1) {
        return base64(ChecksumType.CRC64NVME, latin1);
    }

    static String base64(ChecksumType type, String latin1) {
        Checksum checksum = Checksummers.of(type, ByteBuffer.wrap(latin1.getBytes(StandardCharsets.ISO_8859_1)));
        return checksum.base64();
    }

    /// As `s3cmd cp` and others send them, whatever the bucket's ownership is.
    @Test
    void whereNobodyProvesAnythingListsAreNotRefused() {
        s3.put("/bucket", "");
        s3.put("/bucket/k", "x", "x-amz-acl", "private").hasStatus(200);
        s3.put("/bucket/k", "x", "x-amz-acl", "public-read").hasStatus(200);
        s3.put("/bucket/k", "x", "x-amz-acl", "nonsense").isError(400, "InvalidArgument");
        String list = s3.get("/bucket/k?acl").hasStatus(200).body();
        s3.put("/bucket/k?acl", list).hasStatus(200);
        s3.put("/bucket/k?acl", "", "x-amz-acl", "public-read").hasStatus(200);
        assertThat(s3.get("/bucket/k?acl").body()).isEqualTo(list);
    }

    @Test
    void removalsHaveConditionsOnTagTimeAndSize() {
        s3.put("/bucket", "");
        s3.put("/bucket/k", "four").hasStatus(200);
        Answer head = s3.head("/bucket/k");
        String modified = head.header("Last-Modified");
        String time = "x-amz-if-match-last-modified-time";
        s3.delete("/bucket/k", "If-Match", "\"other\"").isError(412, "PreconditionFailed");
        s3.delete("/bucket/k", "x-amz-if-match-size", "5").isError(412, "PreconditionFailed");
        s3.delete("/bucket/k", time, "Thu, 01 Jan 2015 00:00:00 GMT").isError(412, "PreconditionFailed");
        s3.delete("/bucket/k", "x-amz-if-match-size", "-1").isError(400, "InvalidArgument");
        s3.delete("/bucket/k", time, "yesterday").isError(400, "InvalidArgument");
        s3.put("/bucket/k", "x", "x-amz-if-match-size", "4").isError(501, "NotImplemented");
        s3.delete("/bucket/k", "If-Match", head.header("ETag"), "x-amz-if-match-size", "4", time, modified)
                .hasStatus(204);
        s3.delete("/bucket/k", "If-Match", "\"other\"", "x-amz-if-match-size", "5")
                .hasStatus(204);
        assertThat(s3.get("/bucket").elements("Key")).isEmpty();
    }

    @Test
    void everyKeyOfManyRemovalsHasItsConditions() {
        s3.put("/bucket", "");
        s3.put("/bucket/a", "four");
        s3.put("/bucket/b", "four");
        String modified = s3.head("/bucket/a").header("Last-Modified");
        Answer answer = s3.post(
                        "/bucket?delete",
                        "<Delete><Object><Key>a</Key><Size>4</Size><LastModifiedTime>" + modified
                                + "</LastModifiedTime></Object><Object><Key>b</Key><Size>5</Size></Object></Delete>")
                .hasStatus(200);
        assertThat(answer.elements("Code")).isEqualTo("PreconditionFailed");
        assertThat(s3.get("/bucket").elements("Key")).isEqualTo("b");
    }
}
