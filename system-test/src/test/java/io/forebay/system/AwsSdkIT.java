package io.forebay.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.app.GivenKeys;
import io.forebay.protocol.tls.TestAuthority;
import io.forebay.system.server.Cluster;
import io.forebay.system.server.RawHttp;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/// The AWS SDK for Java with default settings: every kind of client, with and without authentication, over HTTP and
/// HTTPS,
/// against three storage nodes.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AwsSdkIT {
    private static final GivenKeys KEYS = new GivenKeys("root-access-key", "root-secret-key");
    private static final int MIB = 1 << 20;
    private static final List<String> NAMES = List.of(
            "plain",
            "folder/deeper/name.jpg",
            "with space",
            "plus+sign",
            "per%cent%20",
            "hash#question?and&",
            "ünï/cödé-日本語",
            "tilde~dash-dot.under_score",
            "quote'(brackets)[square]{curly}");

    private final AtomicInteger buckets = new AtomicInteger();
    private final List<S3Calls> opened = new ArrayList<>();
    private Cluster open;
    private Cluster guarded;

    @BeforeAll
    void startClusters(@TempDir Path openData, @TempDir Path guardedData, @TempDir Path certificates) {
        open = Cluster.start(openData, 3);
        Map<String, String> settings = new TestAuthority("public")
                .issueFor("server", certificates, "localhost", "*.localhost")
                .httpsSettings();
        settings.put("server.storage-nodes", "3");
        settings.put("server.auth", "on");
        guarded = Cluster.start(guardedData, settings, KEYS);
    }

    @AfterAll
    void stopClusters() {
        opened.forEach(S3Calls::close);
        open.close();
        guarded.close();
    }

    Stream<Arguments> clients() {
        List<Arguments> all = new ArrayList<>();
        for (AwsClients.Kind kind : AwsClients.Kind.values()) {
            for (AwsClients.Style style : AwsClients.styles()) {
                all.add(client("open", clients(false), kind, style));
                all.add(client("signed", clients(true), kind, style));
                all.add(client("signed by HTTPS", clients(true).encrypted(), kind, style));
            }
        }
        return all.stream();
    }

    private Arguments client(String how, AwsClients clients, AwsClients.Kind kind, AwsClients.Style style) {
        S3Calls calls = clients.open(kind, style);
        opened.add(calls);
        return Arguments.of(kind + " " + style + " " + how, calls);
    }

    private AwsClients clients(boolean auth) {
        return auth
                ? new AwsClients(guarded.url(), "root-access-key", "root-secret-key")
                : new AwsClients(open.url(), "any", "any-secret");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("clients")
    void objectsOfEverySizeAndNameComeBack(String name, S3Calls s3) {
        String bucket = newBucket(s3);
        for (int size : new int[] {0, 1, 100, 128 << 10, (128 << 10) + 1, 9 * MIB + 1}) {
            byte[] content = Content.of(size, size);
            s3.put(put(bucket, "size-" + size).build(), content);
            S3Calls reader = size == 0 ? s3.forEmptyObjects() : s3;
            assertThat(read(reader, bucket, "size-" + size)).isEqualTo(content);
            assertThat(head(s3, bucket, "size-" + size).contentLength()).isEqualTo(size);
        }
        for (String key : NAMES) {
            s3.put(put(bucket, key).build(), Content.of(50, key.hashCode()));
            assertThat(read(s3, bucket, key)).isEqualTo(Content.of(50, key.hashCode()));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("clients")
    void attributesAndRangesAreKept(String name, S3Calls s3) {
        String bucket = newBucket(s3);
        byte[] content = Content.of(300_000, 1);
        s3.put(
                put(bucket, "object")
                        .metadata(Map.of("label", "seven"))
                        .contentType("image/png")
                        .build(),
                content);
        HeadObjectResponse head = head(s3, bucket, "object");
        assertThat(head.metadata()).isEqualTo(Map.of("label", "seven"));
        assertThat(head.contentType()).isEqualTo("image/png");
        byte[] middle =
                s3.get(get(bucket, "object").range("bytes=1000-1999").build()).asByteArray();
        assertThat(middle).isEqualTo(java.util.Arrays.copyOfRange(content, 1000, 2000));
        byte[] last = s3.get(get(bucket, "object").range("bytes=-5").build()).asByteArray();
        assertThat(last).isEqualTo(java.util.Arrays.copyOfRange(content, 299_995, 300_000));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("clients")
    void checksumsAreVerifiedAndGivenBack(String name, S3Calls s3) {
        String bucket = newBucket(s3);
        byte[] content = Content.of(200_000, 2);
        for (ChecksumAlgorithm algorithm :
                List.of(ChecksumAlgorithm.CRC32, ChecksumAlgorithm.CRC32_C, ChecksumAlgorithm.SHA256)) {
            s3.put(put(bucket, "sum").checksumAlgorithm(algorithm).build(), content);
            assertThat(s3.get(get(bucket, "sum")
                                    .checksumMode(ChecksumMode.ENABLED)
                                    .build())
                            .asByteArray())
                    .isEqualTo(content);
        }
        assertRefused(
                400, () -> s3.put(put(bucket, "wrong").checksumCRC32("AAAAAA==").build(), content));
        assertThat(list(s3, bucket).contents()).hasSize(1);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("clients")
    void conditionsAreHonoured(String name, S3Calls s3) {
        String bucket = newBucket(s3);
        String etag = s3.put(put(bucket, "object").ifNoneMatch("*").build(), Content.of(10, 1))
                .eTag();
        assertRefused(412, () -> s3.put(put(bucket, "object").ifNoneMatch("*").build(), Content.of(10, 2)));
        assertRefused(304, () -> s3.get(get(bucket, "object").ifNoneMatch(etag).build()));
        assertRefused(
                412, () -> s3.get(get(bucket, "object").ifMatch("\"other\"").build()));
        assertThat(read(s3, bucket, "object")).isEqualTo(Content.of(10, 1));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("clients")
    void listingsPageAndFold(String name, S3Calls s3) {
        String bucket = newBucket(s3);
        List<String> keys = IntStream.range(0, 25)
                .mapToObj(index -> "folder-%d/object-%02d".formatted(index % 3, index))
                .sorted()
                .toList();
        keys.forEach(key -> s3.put(put(bucket, key).build(), Content.of(3, 1)));
        List<String> found = new ArrayList<>();
        String token = null;
        do {
            ListObjectsV2Request request = ListObjectsV2Request.builder()
                    .bucket(bucket)
                    .maxKeys(7)
                    .continuationToken(token)
                    .build();
            ListObjectsV2Response page = s3.call(c -> c.listObjectsV2(request), c -> c.listObjectsV2(request));
            page.contents().stream().map(S3Object::key).forEach(found::add);
            token = page.nextContinuationToken();
        } while (token != null);
        assertThat(found).isEqualTo(keys);
        ListObjectsV2Request folded =
                ListObjectsV2Request.builder().bucket(bucket).delimiter("/").build();
        assertThat(s3.call(c -> c.listObjectsV2(folded), c -> c.listObjectsV2(folded))
                        .commonPrefixes())
                .extracting(prefix -> prefix.prefix())
                .containsExactly("folder-0/", "folder-1/", "folder-2/");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("clients")
    void multipartUploadsBecomeOneObject(String name, S3Calls s3) {
        String bucket = newBucket(s3);
        String upload = s3.call(
                        c -> c.createMultipartUpload(r -> r.bucket(bucket).key("whole")),
                        c -> c.createMultipartUpload(r -> r.bucket(bucket).key("whole")))
                .uploadId();
        List<byte[]> contents = List.of(Content.of(5 * MIB, 1), Content.of(5 * MIB, 2), Content.of(77, 3));
        List<CompletedPart> parts = new ArrayList<>();
        for (int number = 1; number <= contents.size(); number++) {
            int partNumber = number;
            UploadPartRequest request = UploadPartRequest.builder()
                    .bucket(bucket)
                    .key("whole")
                    .uploadId(upload)
                    .partNumber(partNumber)
                    .build();
            String etag = s3.part(request, contents.get(number - 1)).eTag();
            parts.add(CompletedPart.builder().partNumber(number).eTag(etag).build());
        }
        s3.call(
                c -> c.completeMultipartUpload(
                        r -> r.bucket(bucket).key("whole").uploadId(upload).multipartUpload(m -> m.parts(parts))),
                c -> c.completeMultipartUpload(
                        r -> r.bucket(bucket).key("whole").uploadId(upload).multipartUpload(m -> m.parts(parts))));
        byte[] whole = read(s3, bucket, "whole");
        assertThat(whole).hasSize(10 * MIB + 77);
        assertThat(java.util.Arrays.copyOfRange(whole, 5 * MIB, 10 * MIB)).isEqualTo(contents.get(1));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("clients")
    void copiesAndDeletions(String name, S3Calls s3) {
        String bucket = newBucket(s3);
        for (String key : NAMES) {
            s3.put(put(bucket, key).build(), Content.of(1000, key.hashCode()));
            s3.call(
                    c -> c.copyObject(r -> r.sourceBucket(bucket)
                            .sourceKey(key)
                            .destinationBucket(bucket)
                            .destinationKey("copy/" + key)),
                    c -> c.copyObject(r -> r.sourceBucket(bucket)
                            .sourceKey(key)
                            .destinationBucket(bucket)
                            .destinationKey("copy/" + key)));
            assertThat(read(s3, bucket, "copy/" + key)).isEqualTo(Content.of(1000, key.hashCode()));
        }
        s3.call(
                c -> c.deleteObject(r -> r.bucket(bucket).key(NAMES.getFirst())),
                c -> c.deleteObject(r -> r.bucket(bucket).key(NAMES.getFirst())));
        assertRefused(404, () -> read(s3, bucket, NAMES.getFirst()));
        List<ObjectIdentifier> all = list(s3, bucket).contents().stream()
                .map(found -> ObjectIdentifier.builder().key(found.key()).build())
                .toList();
        s3.call(
                c -> c.deleteObjects(r -> r.bucket(bucket).delete(d -> d.objects(all))),
                c -> c.deleteObjects(r -> r.bucket(bucket).delete(d -> d.objects(all))));
        assertThat(list(s3, bucket).contents()).isEmpty();
        s3.call(c -> c.deleteBucket(r -> r.bucket(bucket)), c -> c.deleteBucket(r -> r.bucket(bucket)));
        assertRefused(
                404, () -> s3.call(c -> c.headBucket(r -> r.bucket(bucket)), c -> c.headBucket(r -> r.bucket(bucket))));
    }

    @Test
    void presignedUrlsWorkForAnyHttpClient() throws Exception {
        for (boolean auth : new boolean[] {false, true}) {
            S3Calls s3 = clients(auth).open(AwsClients.Kind.SYNC_URL_CONNECTION, AwsClients.Style.PATH);
            opened.add(s3);
            String bucket = newBucket(s3);
            byte[] content = Content.of(70_000, 9);
            try (S3Presigner presigner = clients(auth).presigner();
                    HttpClient http = HttpClient.newHttpClient()) {
                URI put = presigner
                        .presignPutObject(r -> r.signatureDuration(Duration.ofMinutes(1))
                                .putObjectRequest(p -> p.bucket(bucket).key("signed key+")))
                        .url()
                        .toURI();
                HttpResponse<String> stored = http.send(
                        HttpRequest.newBuilder(put)
                                .PUT(HttpRequest.BodyPublishers.ofByteArray(content))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                assertThat(stored.statusCode()).as(stored.body()).isEqualTo(200);
                URI get = presigner
                        .presignGetObject(r -> r.signatureDuration(Duration.ofMinutes(1))
                                .getObjectRequest(p -> p.bucket(bucket).key("signed key+")))
                        .url()
                        .toURI();
                HttpResponse<byte[]> read =
                        http.send(HttpRequest.newBuilder(get).build(), HttpResponse.BodyHandlers.ofByteArray());
                assertThat(read.body()).isEqualTo(content);
            }
        }
    }

    @Test
    void wrongKeysAreRefused() {
        for (AwsClients wrong : List.of(
                new AwsClients(guarded.url(), "root-access-key", "wrong-secret"),
                new AwsClients(guarded.url(), "unknown-key", "root-secret-key"))) {
            try (S3Calls s3 = wrong.open(AwsClients.Kind.SYNC_URL_CONNECTION, AwsClients.Style.PATH)) {
                assertRefused(403, () -> s3.call(c -> c.listBuckets(), c -> c.listBuckets()));
                assertRefused(403, () -> s3.put(put("bucket", "key").build(), Content.of(10, 1)));
            }
        }
        try (RawHttp http = new RawHttp(guarded.url())) {
            assertThat(http.send("GET", "/").status()).isEqualTo(403);
            assertThat(http.send("GET", "/v1/buckets", "{\"action\":\"list\"}").status())
                    .isIn(401, 403);
            assertThat(http.send("PUT", "/v1/objects/bucket/key", "x").status()).isIn(401, 403);
        }
    }

    private String newBucket(S3Calls s3) {
        String bucket = "aws-java-" + buckets.incrementAndGet();
        s3.call(c -> c.createBucket(r -> r.bucket(bucket)), c -> c.createBucket(r -> r.bucket(bucket)));
        return bucket;
    }

    private static PutObjectRequest.Builder put(String bucket, String key) {
        return PutObjectRequest.builder().bucket(bucket).key(key);
    }

    private static GetObjectRequest.Builder get(String bucket, String key) {
        return GetObjectRequest.builder().bucket(bucket).key(key);
    }

    private static byte[] read(S3Calls s3, String bucket, String key) {
        return s3.get(get(bucket, key).build()).asByteArray();
    }

    private static HeadObjectResponse head(S3Calls s3, String bucket, String key) {
        HeadObjectRequest request =
                HeadObjectRequest.builder().bucket(bucket).key(key).build();
        return s3.call(c -> c.headObject(request), c -> c.headObject(request));
    }

    private static ListObjectsV2Response list(S3Calls s3, String bucket) {
        ListObjectsV2Request request =
                ListObjectsV2Request.builder().bucket(bucket).build();
        ListObjectsV2Response page = s3.call(c -> c.listObjectsV2(request), c -> c.listObjectsV2(request));
        assertThat(page.contents())
                .isSortedAccordingTo(Comparator.comparing(
                        S3Object::key, (left, right) -> java.util.Arrays.compareUnsigned(utf8(left), utf8(right))));
        return page;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    private static void assertRefused(int status, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        refused -> assertThat(refused.statusCode()).isEqualTo(status));
    }
}
