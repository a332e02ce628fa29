package io.forebay.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.common.config.Settings;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Request;
import io.forebay.protocol.sigv4.Credentials;
import io.forebay.protocol.sigv4.SigV4Signer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The `forebay user` commands against a server with authentication, and what its users may do then.
final class UserCommandIT {
    private static final GivenKeys ROOT = new GivenKeys("ROOTKEY", "rootsecret");
    private static final Credentials STATIC = new Credentials("STATICKEY", "static-secret");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    private Server server;

    @BeforeEach
    void start() throws IOException {
        Files.writeString(folder.resolve("users"), "# who is always there\n\nstatic  STATICKEY static-secret admin\n");
        server = started();
    }

    private Server started() {
        Server fresh = new Server(
                Settings.of(ForebayConfig.class)
                        .bind(Map.of(
                                "server.data", folder.resolve("data").toString(),
                                "server.listen", "127.0.0.1:0",
                                "server.control", "127.0.0.1:0",
                                "server.users-file", folder.resolve("users").toString(),
                                "server.auth", "on")),
                ROOT);
        fresh.start();
        return fresh;
    }

    @AfterEach
    void close() {
        server.close();
        http.close();
    }

    private int run(String... words) {
        out.reset();
        err.reset();
        String[] line = new String[words.length + 3];
        line[0] = "user";
        System.arraycopy(words, 0, line, 1, words.length);
        line[words.length + 1] = "--control";
        line[words.length + 2] = server.controlUrl().substring("http://".length());
        return ForebayMain.commandLine(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        GivenKeys.NONE)
                .execute(line);
    }

    private String text() {
        return out.toString(StandardCharsets.UTF_8) + err.toString(StandardCharsets.UTF_8);
    }

    private Credentials made(String... words) {
        assertThat(run(words)).as(text()).isZero();
        return new Credentials(shown("access key"), shown("secret key"));
    }

    private String shown(String title) {
        Matcher matcher = Pattern.compile(title + " +(\\S+)").matcher(out.toString(StandardCharsets.UTF_8));
        assertThat(matcher.find()).as(text()).isTrue();
        return matcher.group(1);
    }

    private int status(Credentials keys, Method method, String target) throws Exception {
        URI uri = URI.create(server.dataUrl() + target);
        Headers headers = new Headers().add("Host", uri.getAuthority());
        new SigV4Signer(keys, "us-east-1", InstantSource.system())
                .sign(new Request(method, target, headers), "UNSIGNED-PAYLOAD");
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).method(method.name(), HttpRequest.BodyPublishers.noBody());
        for (int index = 0; index < headers.count(); index++) {
            if (!headers.name(index).equals("Host")) {
                request.header(headers.name(index), headers.value(index));
            }
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void usersLiveFromAddToRemoveAndOverRestarts() throws Exception {
        Credentials alice = made("add", "alice");
        Credentials bob = made("add", "bob", "--access-key", "BOBKEY", "--secret-key", "bobs-secret");
        assertThat(bob).isEqualTo(new Credentials("BOBKEY", "bobs-secret"));
        assertThat(status(alice, Method.PUT, "/hers")).isEqualTo(200);
        assertThat(status(alice, Method.PUT, "/hers/k")).isEqualTo(200);
        assertThat(status(bob, Method.GET, "/hers/k")).isEqualTo(403);
        assertThat(status(STATIC, Method.GET, "/hers/k")).isEqualTo(200);
        assertThat(run("list")).isZero();
        assertThat(text()).contains("alice", "bob", "static", "BOBKEY").doesNotContain("bobs-secret");

        server.close();
        assertThat(secretsIn(folder.resolve("data"), alice.secretKey(), "bobs-secret", "static-secret"))
                .as("files that hold a secret")
                .isEmpty();
        server = started();
        assertThat(status(alice, Method.GET, "/hers/k")).isEqualTo(200);
        Credentials next = made("rotate", "alice", "--now");
        assertThat(status(alice, Method.GET, "/hers/k")).isEqualTo(403);
        assertThat(status(next, Method.GET, "/hers/k")).isEqualTo(200);
        assertThat(run("disable", "alice")).isZero();
        assertThat(status(next, Method.GET, "/hers/k")).isEqualTo(403);
        assertThat(run("enable", "alice")).isZero();
        assertThat(run("remove", "alice")).isEqualTo(1);
        assertThat(text()).contains("forebay: user \"alice\" owns 1 bucket, such as ais://hers");
        assertThat(run("remove", "alice", "--force")).isZero();
        assertThat(text()).contains("bob").doesNotContain("alice");
        assertThat(status(next, Method.GET, "/hers/k")).isEqualTo(403);
    }

    @Test
    void refusalsAreOneSentence() {
        made("add", "alice");
        assertThat(run("add", "alice")).isEqualTo(1);
        assertThat(text()).isEqualTo("forebay: user \"alice\" already exists\n");
        assertThat(run("add", "b/b")).isEqualTo(1);
        assertThat(text()).startsWith("forebay: \"b/b\" cannot name a user: a name has 1 to 64 letters");
        assertThat(run("add", "bob", "--access-key", "ROOTKEY", "--secret-key", "long-enough"))
                .isEqualTo(1);
        assertThat(text()).isEqualTo("forebay: access key ROOTKEY is in use: choose another one\n");
        assertThat(run("rotate", "eve")).isEqualTo(1);
        assertThat(text()).startsWith("forebay: there is no user \"eve\"");
    }

    private static Stream<Path> secretsIn(Path data, String... secrets) throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            return files
                    .filter(Files::isRegularFile)
                    .filter(file -> {
                        String content = latin1(file);
                        return Stream.of(secrets).anyMatch(content::contains);
                    })
                    .toList()
                    .stream();
        }
    }

    private static String latin1(Path file) {
        try {
            return Files.size(file) > 64 << 20 ? "" : Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
