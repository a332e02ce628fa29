package io.forebay.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.app.GivenKeys;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.api.batch.BatchResult;
import io.forebay.system.TarMembers.Content;
import io.forebay.system.server.Cluster;
import io.forebay.transform.archive.ArchiveOutput;
import io.forebay.transform.archive.model.ArchiveFormat;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import net.jpountz.lz4.LZ4FrameInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Random batches through the front door have what single reads of the same client give, in their order: a seeded
/// row, run again with `-Dseed= -Diterations=`.
@Timeout(300)
final class BatchFuzzIT {
    private static final long SEED = Long.getLong("seed", 20_261_201L);
    private static final int ITERATIONS = Integer.getInteger("iterations", 60);
    private static final Map<String, String> SETTINGS = Map.of(
            "server.storage-nodes", "1",
            "storage.batch.max-missing", "100",
            "cluster.heartbeat", "300ms",
            "storage.rebalance.retry", "200ms");
    private static final String MISSING = "__404__/";
    private static final String[] FORMATS = {"", ".tar", "application/x-tar", ".tgz", ".tar.gz", ".zip", ".tar.lz4"};
    private static final String[] EXTENSIONS = {".tar", ".tgz", ".zip", ".tar.lz4"};
    private static final int[] SIZES = {0, 1, 511, 512, 513, 5_000, 70_000, 300_000};
    private static final List<Bucket> BUCKETS =
            List.of(new Bucket("first", ""), new Bucket("second", ""), new Bucket("third", "space"));

    private final Random random = new Random(SEED);
    private final HttpClient client =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
    private final List<Source> sources = new ArrayList<>();

    @TempDir
    private Path folder;

    private @Nullable Cluster cluster;

    /// A bucket, of a namespace or of the global one.
    private record Bucket(String name, String namespace) {
        String query() {
            return namespace.isEmpty() ? "provider=ais" : "provider=ais&namespace=" + encode("@#" + namespace);
        }

        String uname(String object) {
            return "ais/@#" + namespace + "/" + name + "/" + object;
        }
    }

    /// Something that can be read, or cannot.
    ///
    /// @param member of the archive that the object is; empty for the object itself
    private record Source(Bucket bucket, String object, String member) {}

    /// One entry of a batch and what single reads say of it.
    ///
    /// @param bytes null when it is missing, which that status says
    @SuppressWarnings("ArrayRecordComponent") // Compared piece by piece.
    private record Expected(Source source, @Nullable String opaque, byte @Nullable [] bytes, int status) {
        String name(boolean onlyObject) {
            String name = onlyObject ? source.object : source.bucket.name + "/" + source.object;
            String full = source.member.isEmpty() ? name : name + "/" + source.member;
            return bytes == null ? MISSING + full : full;
        }
    }

    /// A batch as it is sent, and what has to come.
    private record Batch(
            Map<String, Object> message, @Nullable Bucket fallback, List<Expected> expected) {
        boolean is(String option) {
            return Boolean.TRUE.equals(message.get(option));
        }

        String format() {
            return text(message, "mime");
        }
    }

    private static String text(Map<String, Object> message, String field) {
        return (String) Objects.requireNonNull(message.get(field), field);
    }

    @AfterEach
    void close() {
        client.close();
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void batchesOfOneNodeHaveWhatSingleReadsGive() throws IOException, InterruptedException {
        compare(1);
    }

    @Test
    void batchesOfSeveralNodesHaveWhatSingleReadsGive() throws IOException, InterruptedException {
        compare(3);
    }

    private void compare(int nodes) throws IOException, InterruptedException {
        Cluster started = Cluster.start(folder.resolve("0"), SETTINGS, GivenKeys.NONE);
        cluster = started;
        for (int joined = 1; joined < nodes; joined++) {
            started.join(folder.resolve(Integer.toString(joined)));
        }
        Settling.await(started.controlUrl(), nodes);
        for (Bucket bucket : BUCKETS) {
            fill(bucket);
        }
        for (int iteration = 0; iteration < ITERATIONS; iteration++) {
            Batch batch = batch();
            try {
                check(batch);
            } catch (AssertionError e) {
                throw new AssertionError("seed " + SEED + ", iteration " + iteration + ": " + batch.message, e);
            }
        }
    }

    private void fill(Bucket bucket) throws IOException, InterruptedException {
        assertThat(send("POST", "/v1/buckets/" + bucket.name + "?" + bucket.query(), "{\"action\":\"create-bck\"}")
                        .statusCode())
                .isEqualTo(200);
        for (int index = 0; index < 3 * SIZES.length; index++) {
            put(bucket, "folder " + index % 3 + "/ü" + index, content());
        }
        for (String extension : EXTENSIONS) {
            fill(bucket, "shard-" + bucket.name + extension, ArchiveFormat.ofHint(extension));
        }
        sources.add(new Source(bucket, "none", ""));
    }

    private void fill(Bucket bucket, String object, ArchiveFormat format) throws IOException, InterruptedException {
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try (ArchiveOutput output = new ArchiveOutput(format, 1_700_000_000_000L)) {
            for (int index = 0; index < SIZES.length; index++) {
                String name = (index % 2 == 0 ? "" : "long/".repeat(30)) + index + ".jpg";
                byte[] bytes = content();
                output.begin(name, bytes.length);
                output.write(ByteBuffer.wrap(bytes));
                output.end();
                sources.add(new Source(bucket, object, name));
                drain(output, archive);
            }
            output.finish();
            drain(output, archive);
        }
        put(bucket, object, archive.toByteArray());
        sources.add(new Source(bucket, object, "none.jpg"));
    }

    private static void drain(ArchiveOutput output, ByteArrayOutputStream archive) {
        while (output.ready() > 0) {
            ByteBuffer bytes = output.take();
            byte[] piece = new byte[bytes.remaining()];
            bytes.get(piece);
            archive.writeBytes(piece);
        }
    }

    private byte[] content() {
        return io.forebay.system.Content.of(SIZES[random.nextInt(SIZES.length)], random.nextInt());
    }

    private void put(Bucket bucket, String object, byte[] bytes) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(target(bucket, object, ""))
                .PUT(HttpRequest.BodyPublishers.ofByteArray(bytes))
                .build();
        assertThat(client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode())
                .isEqualTo(200);
        sources.add(new Source(bucket, object, ""));
    }

    private Batch batch() throws IOException, InterruptedException {
        Bucket fallback = random.nextInt(4) == 0 ? null : BUCKETS.get(random.nextInt(BUCKETS.size()));
        List<Map<String, Object>> entries = new ArrayList<>();
        List<Expected> expected = new ArrayList<>();
        for (int count = 1 + random.nextInt(25); count > 0; count--) {
            Source source = sources.get(random.nextInt(sources.size()));
            Map<String, Object> entry = entry(source, fallback);
            entries.add(entry);
            expected.add(expected(source, entry));
        }
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("mime", FORMATS[random.nextInt(FORMATS.length)]);
        message.put("in", entries);
        message.put("coer", random.nextInt(4) > 0);
        message.put("onob", random.nextBoolean());
        message.put("strm", random.nextBoolean());
        return new Batch(message, fallback, expected);
    }

    private Map<String, Object> entry(Source source, @Nullable Bucket fallback) {
        Map<String, Object> entry = new LinkedHashMap<>();
        boolean unique = !source.bucket.namespace.isEmpty() || random.nextInt(4) == 0;
        if (unique && !source.bucket.equals(fallback)) {
            entry.put("uname", source.bucket.uname(source.object));
        } else {
            entry.put("objname", source.object);
            if (!source.bucket.equals(fallback)) {
                entry.put("bucket", source.bucket.name);
                entry.put("provider", "ais");
            }
        }
        if (!source.member.isEmpty()) {
            entry.put("archpath", (random.nextInt(4) == 0 ? "/" : "") + source.member);
        }
        if (random.nextBoolean()) {
            byte[] opaque = new byte[random.nextInt(9)];
            random.nextBytes(opaque);
            entry.put(
                    "opaque",
                    (random.nextBoolean() ? Base64.getEncoder() : Base64.getUrlEncoder()).encodeToString(opaque));
        }
        if (random.nextInt(3) == 0) {
            entry.put("start", (long) random.nextInt(600));
            entry.put("length", random.nextBoolean() ? -1L : 1L + random.nextInt(5_000));
        }
        return entry;
    }

    /// What a single read of the same bytes gives.
    private Expected expected(Source source, Map<String, Object> entry) throws IOException, InterruptedException {
        String query = source.member.isEmpty() ? "" : "&archpath=" + encode(text(entry, "archpath"));
        HttpRequest.Builder request = HttpRequest.newBuilder(target(source.bucket, source.object, query));
        long start = (Long) entry.getOrDefault("start", 0L);
        long length = (Long) entry.getOrDefault("length", 0L);
        if (start > 0 || length > 0) {
            request.header("Range", "bytes=" + start + "-" + (length < 0 ? "" : start + length - 1));
        }
        HttpResponse<byte[]> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        String opaque = (String) entry.get("opaque");
        String standard = opaque == null || opaque.isEmpty()
                ? null
                : opaque.replace('-', '+').replace('_', '/');
        if (answer.statusCode() >= 400) {
            assertThat(answer.statusCode()).isIn(404, 416);
            return new Expected(source, standard, null, answer.statusCode());
        }
        // Of a range that is asked for by its length all has to be there.
        boolean cut = length > 0 && answer.body().length < length;
        return new Expected(source, standard, cut ? null : answer.body(), cut ? 416 : 200);
    }

    private void check(Batch batch) throws IOException, InterruptedException {
        String path = "/v1/ml/moss"
                + (batch.fallback == null ? "" : "/" + batch.fallback.name + "?" + batch.fallback.query());
        boolean mayFail = !batch.is("coer") && batch.expected.stream().anyMatch(entry -> entry.bytes == null);
        if (mayFail && batch.is("strm")) {
            batch.message.put("strm", false);
        }
        HttpResponse<byte[]> answer =
                send("GET", path, new String(WireJson.write(batch.message), StandardCharsets.UTF_8));
        if (mayFail) {
            int first = batch.expected.stream()
                    .filter(entry -> entry.bytes == null)
                    .findFirst()
                    .orElseThrow()
                    .status;
            assertThat(answer.statusCode()).isEqualTo(first);
            return;
        }
        assertThat(answer.statusCode())
                .as(new String(answer.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
        byte[] archive = batch.is("strm") ? answer.body() : archive(answer, batch);
        List<Content> members = members(batch.format(), archive);
        assertThat(members.stream().map(Content::name).toList())
                .isEqualTo(batch.expected.stream()
                        .map(entry -> entry.name(batch.is("onob")))
                        .toList());
        for (int index = 0; index < members.size(); index++) {
            byte[] expected = batch.expected.get(index).bytes;
            assertThat(members.get(index).bytes())
                    .as("entry %s, %s", index, members.get(index).name())
                    .isEqualTo(expected == null ? new byte[0] : expected);
        }
    }

    /// The second part of a form, when the first says of each entry what it should.
    private static byte[] archive(HttpResponse<byte[]> answer, Batch batch) {
        String type = answer.headers().firstValue("Content-Type").orElseThrow();
        assertThat(type).startsWith("multipart/mixed; boundary=");
        String boundary = "--" + type.substring(type.indexOf('=') + 1);
        String text = new String(answer.body(), StandardCharsets.ISO_8859_1);
        int first = text.indexOf("\r\n\r\n") + 4;
        int between = text.indexOf("\r\n" + boundary, first);
        BatchResult result = WireJson.read(Arrays.copyOfRange(answer.body(), first, between), BatchResult.class);
        assertThat(result.entries()).hasSameSizeAs(batch.expected);
        for (int index = 0; index < batch.expected.size(); index++) {
            Expected expected = batch.expected.get(index);
            BatchResult.Entry told = result.entries().get(index);
            assertThat(told)
                    .isEqualTo(new BatchResult.Entry(
                            expected.source.object,
                            expected.source.member.isEmpty() ? null : expected.source.member,
                            expected.source.bucket.name,
                            "ais",
                            told.error(),
                            expected.opaque,
                            expected.bytes == null ? 0 : expected.bytes.length));
            assertThat(told.error() == null).as("error of %s", told).isEqualTo(expected.bytes != null);
        }
        int second = text.indexOf("\r\n\r\n", between) + 4;
        return Arrays.copyOfRange(answer.body(), second, text.lastIndexOf("\r\n" + boundary + "--"));
    }

    private static List<Content> members(String format, byte[] archive) throws IOException {
        InputStream in = new ByteArrayInputStream(archive);
        return switch (format) {
            case ".tgz", ".tar.gz" -> TarMembers.read(new GZIPInputStream(in));
            case ".tar.lz4" -> TarMembers.read(new LZ4FrameInputStream(in));
            case ".zip" -> zip(in);
            default -> TarMembers.read(in);
        };
    }

    private static List<Content> zip(InputStream in) throws IOException {
        List<Content> members = new ArrayList<>();
        try (ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                members.add(new Content(entry.getName(), zip.readAllBytes()));
            }
        }
        return members;
    }

    private HttpResponse<byte[]> send(String method, String target, String message)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(url().resolve(target))
                .method(method, HttpRequest.BodyPublishers.ofString(message))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    private URI target(Bucket bucket, String object, String query) {
        return url().resolve("/v1/objects/" + bucket.name + "/" + encode(object) + "?" + bucket.query() + query);
    }

    private URI url() {
        if (cluster == null) {
            throw new IllegalStateException("the cluster has not been started");
        }
        return cluster.url();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
