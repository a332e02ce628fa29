package io.forebay.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.protocol.api.WireJson;
import io.forebay.system.server.RawHttp;
import io.forebay.system.server.RawHttp.Answer;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Clients of both faces at one bucket: objects that stay, and are read and listed all the time; and
/// objects that come and go, each seen in a list from when its write was acknowledged until its removal was
/// asked for, and never after.
final class Traffic {
    private static final int OBJECTS = 240;
    private static final int GROUPS = 8;
    private static final int PAGE = 37;
    private static final int PATIENCE_MILLIS = 60_000;
    private static final Pattern KEY = Pattern.compile("<Key>([^<]+)</Key>");
    private static final Pattern PREFIX = Pattern.compile("<CommonPrefixes><Prefix>([^<]+)</Prefix>");
    private static final Pattern TOKEN = Pattern.compile("<NextContinuationToken>([^<]+)</NextContinuationToken>");
    private static final Pattern UPLOAD = Pattern.compile("<UploadId>([^<]+)</UploadId>");

    private final URI url;
    private final int copies;
    private final TreeMap<String, byte[]> stable = new TreeMap<>();
    private volatile boolean ended;

    Traffic(URI url, int copies) {
        this.url = url;
        this.copies = copies;
    }

    private enum Face {
        S3,
        AIS;

        String target(String name) {
            return (this == S3 ? "/bucket/" : "/v1/objects/bucket/") + name;
        }
    }

    /// Makes the bucket, and the objects that stay, by both faces.
    void fill() {
        try (RawHttp http = new RawHttp(url, PATIENCE_MILLIS)) {
            assertThat(http.send("PUT", "/bucket").status()).isEqualTo(200);
            byte[] properties = WireJson.write(
                    Map.of("action", "set-bprops", "value", Map.of("forebay", Map.of("copies", copies))));
            Answer set = http.send("PATCH", "/v1/buckets/bucket", "Content-Type: application/json\r\n", properties);
            assertThat(set.status()).as(set.text()).isEqualTo(200);
        }
        for (int index = 0; index < OBJECTS; index++) {
            String name = "stable/" + index % GROUPS + "/" + index;
            byte[] content = Content.of(index % 20 == 7 ? 300_000 : 100 + index, index);
            send(index % 2 == 0 ? Face.S3 : Face.AIS, "PUT", name, content);
            stable.put(name, content);
        }
    }

    /// Starts the clients.
    List<CompletableFuture<Void>> start() {
        return List.of(
                CompletableFuture.runAsync(() -> comeAndGo(Face.S3)),
                CompletableFuture.runAsync(() -> comeAndGo(Face.AIS)),
                CompletableFuture.runAsync(this::listAll),
                CompletableFuture.runAsync(this::readAll));
    }

    /// Lets the clients end after what they are at.
    void end() {
        ended = true;
    }

    private void comeAndGo(Face face) {
        String prefix = "moving-" + face + "/";
        TreeSet<String> there = new TreeSet<>();
        for (int round = 0; !ended || round < 10; round++) {
            String name = prefix + round % 50;
            send(face, "PUT", name, Content.of(round % 9 == 0 ? 80_000 : 300, round));
            there.add(name);
            assertThat(list(face, prefix)).as("after the write of %s", name).isEqualTo(there);
            if (round % 3 == 0) {
                String gone = there.first();
                send(face, "DELETE", gone, new byte[0]);
                there.remove(gone);
                Face other = face == Face.S3 ? Face.AIS : Face.S3;
                assertThat(list(other, prefix))
                        .as("after the removal of %s", gone)
                        .isEqualTo(there);
            }
        }
    }

    private void listAll() {
        TreeSet<String> groups = new TreeSet<>();
        stable.keySet().forEach(name -> groups.add(name.substring(0, name.lastIndexOf('/') + 1)));
        for (int round = 0; !ended || round < 4; round++) {
            assertThat(list(Face.S3, "stable/")).isEqualTo(stable.keySet());
            assertThat(list(Face.AIS, "stable/")).isEqualTo(stable.keySet());
            Answer rolledUp = ask("GET", "/bucket?list-type=2&delimiter=/&prefix=stable/", new byte[0]);
            assertThat(all(PREFIX, rolledUp.text())).isEqualTo(groups);
            assertThat(all(KEY, rolledUp.text())).isEmpty();
        }
    }

    private void readAll() {
        while (!ended) {
            assertAllThere();
        }
    }

    void assertAllThere() {
        stable.forEach((name, content) -> {
            Face face = content.length % 2 == 0 ? Face.S3 : Face.AIS;
            assertThat(send(face, "GET", name, new byte[0]).body()).as(name).isEqualTo(content);
        });
    }

    /// The token of the page behind the first.
    String firstPage() {
        Answer page = ask("GET", "/bucket?list-type=2&prefix=stable/&max-keys=" + PAGE, new byte[0]);
        return one(TOKEN, page.text());
    }

    void assertRestOfPages(String token) {
        SequencedSet<String> expected = new TreeSet<>(stable.keySet());
        for (int index = 0; index < PAGE; index++) {
            expected.removeFirst();
        }
        assertThat(pages("stable/", token)).isEqualTo(expected);
    }

    /// Begins a multipart upload with one part.
    String beginUpload() {
        String id =
                one(UPLOAD, ask("POST", "/bucket/upload?uploads", new byte[0]).text());
        Answer part = ask("PUT", "/bucket/upload?partNumber=1&uploadId=" + id, Content.of(100_000, 1));
        return id + " " + part.header("etag");
    }

    /// Completes it, wherever it is by now.
    void finishUpload(String upload) {
        String id = upload.substring(0, upload.indexOf(' '));
        assertThat(all(UPLOAD, ask("GET", "/bucket?uploads", new byte[0]).text()))
                .containsExactly(id);
        String parts = "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"
                + upload.substring(upload.indexOf(' ') + 1) + "</ETag></Part></CompleteMultipartUpload>";
        ask("POST", "/bucket/upload?uploadId=" + id, parts.getBytes(StandardCharsets.UTF_8));
        assertThat(ask("GET", "/bucket/upload", new byte[0]).body()).isEqualTo(Content.of(100_000, 1));
        assertThat(ask("GET", "/bucket?uploads", new byte[0]).text()).doesNotContain(id);
    }

    private SequencedSet<String> list(Face face, String prefix) {
        return face == Face.S3 ? pages(prefix, "") : aisPages(prefix);
    }

    private SequencedSet<String> pages(String prefix, String first) {
        SequencedSet<String> names = new TreeSet<>();
        String token = first;
        do {
            String more =
                    token.isEmpty() ? "" : "&continuation-token=" + URLEncoder.encode(token, StandardCharsets.UTF_8);
            String text = ask("GET", "/bucket?list-type=2&max-keys=" + PAGE + "&prefix=" + prefix + more, new byte[0])
                    .text();
            names.addAll(all(KEY, text));
            token = text.contains("NextContinuationToken") ? one(TOKEN, text) : "";
        } while (!token.isEmpty());
        return names;
    }

    private SequencedSet<String> aisPages(String prefix) {
        SequencedSet<String> names = new TreeSet<>();
        String token = "";
        do {
            Map<String, Object> value = new HashMap<>(Map.of("prefix", prefix, "pagesize", PAGE, "flags", "0"));
            value.put("continuation_token", token);
            Answer answer = ask("GET", "/v1/buckets/bucket", WireJson.write(Map.of("action", "list", "value", value)));
            Map<?, ?> page = WireJson.read(answer.body(), Map.class);
            if (page.get("entries") instanceof List<?> entries) {
                entries.forEach(entry -> names.add(String.valueOf(((Map<?, ?>) entry).get("name"))));
            }
            token = page.get("continuation_token") instanceof String text ? text : "";
        } while (!token.isEmpty());
        return names;
    }

    private Answer send(Face face, String method, String name, byte[] body) {
        return ask(method, face.target(name), body);
    }

    /// Sends a request, follows where it is redirected to, and asks again while it is told to come back.
    private Answer ask(String method, String target, byte[] body) {
        String last = "";
        boolean isRepeated = false;
        for (long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L; System.nanoTime() - end < 0; ) {
            try {
                Answer answer = once(url, method, target, body);
                if (answer.status() / 100 == 3) {
                    URI there = URI.create(answer.header("location"));
                    answer = once(there, method, there.getRawPath() + "?" + there.getRawQuery(), body);
                }
                boolean isRemoved = method.equals("DELETE") && answer.status() == 404 && isRepeated;
                if (answer.status() / 100 == 2 || isRemoved) {
                    return answer;
                }
                last = answer.status() + " " + answer.text();
                assertThat(answer.status())
                        .as("%s %s: %s", method, target, last)
                        .isEqualTo(503);
            } catch (UncheckedIOException e) {
                // A storage node that was redirected to may be dead by now.
                last = e.toString();
            }
            isRepeated = true;
        }
        throw new AssertionError(method + " " + target + " was never answered: " + last);
    }

    private static Answer once(URI url, String method, String target, byte[] body) {
        try (RawHttp http = new RawHttp(url, PATIENCE_MILLIS)) {
            return http.send(method, target, "Content-Type: application/json\r\n", body);
        }
    }

    private static SequencedSet<String> all(Pattern pattern, String text) {
        SequencedSet<String> found = new TreeSet<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    private static String one(Pattern pattern, String text) {
        List<String> found = new ArrayList<>(all(pattern, text));
        assertThat(found).as(text).hasSize(1);
        return found.getFirst();
    }
}
