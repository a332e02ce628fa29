package io.forebay.app;

import io.forebay.common.config.Settings;
import io.forebay.common.config.SettingsFile;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.tls.Credentials;
import io.forebay.protocol.tls.NodeTls;
import io.forebay.protocol.tls.TlsConfig;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Asks the control port of a running server: a mixin of the commands that do.
final class ControlClient {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofMinutes(10);

    @Option(
            names = "--control",
            paramLabel = "HOST:PORT",
            description = "Control port of the server (that of --config, else 127.0.0.1:8081).")
    private @Nullable String given;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "Settings file of a node: with its cluster.tls.certificate, key and ca the control port is spoken"
                            + " to where nodes speak TLS.")
    private @Nullable Path config;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            defaultValue = "${env:FOREBAY_TOKEN:-}",
            description = "The cluster's token, for a server on another machine; or FOREBAY_TOKEN in the environment.")
    private String token = "";

    @Option(names = "--token-file", paramLabel = "FILE", description = "File that holds the token.")
    private @Nullable Path tokenFile;

    /// The JSON that a path answers with. Throws NODE_UNAVAILABLE when no server listens, and what the server says.
    byte[] get(String path) {
        return send(request(path).GET().build());
    }

    /// Sends a message and gives the JSON of the answer, as `get` does.
    byte[] post(String path, Object message) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(WireJson.write(message)))
                .build());
    }

    private HttpRequest.Builder request(String path) {
        ListenAddress address = ListenAddress.parse("--control", control());
        String url = address.url(tls().isOn() ? "https" : "http", address.port());
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + path)).timeout(ANSWER);
        String shown = tokenFile == null ? token.strip() : ClusterSecret.read(tokenFile);
        return shown.isEmpty() ? request : request.header(NodeHeaders.NODE_SECRET, shown);
    }

    private String control() {
        return given == null ? settings().server().control() : given;
    }

    private TlsConfig tls() {
        return settings().cluster().tls();
    }

    private ForebayConfig settings() {
        return Settings.of(ForebayConfig.class).bind(config == null ? Map.of() : SettingsFile.read(config));
    }

    private HttpClient client() {
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT);
        TlsConfig tls = tls();
        if (tls.isOn()) {
            builder.sslContext(Credentials.read(tls, Instant.now()).context());
        }
        return builder.build();
    }

    private byte[] send(HttpRequest request) {
        try (HttpClient http = client()) {
            HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() >= 400) {
                throw new StoreException(ErrorCode.INVALID_ARGUMENT, message(answer));
            }
            return answer.body();
        } catch (ConnectException e) {
            throw new StoreException(
                    ErrorCode.NODE_UNAVAILABLE,
                    "no server listens at " + control() + ": start one, or name its control port with --control",
                    e);
        } catch (SSLException e) {
            throw new StoreException(
                    ErrorCode.NODE_UNAVAILABLE,
                    "the server at " + control() + " and this command do not agree on TLS: " + NodeTls.reason(e),
                    e);
        } catch (IOException e) {
            String hint = tls().isOn() ? "" : " (where nodes speak TLS, name a node's settings file with --config)";
            throw new StoreException(
                    ErrorCode.NODE_UNAVAILABLE,
                    "the server at " + control() + " does not answer: " + e.getMessage() + hint,
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(ErrorCode.DEADLINE_EXCEEDED, "interrupted while asking " + control(), e);
        }
    }

    /// The words of a refusal: its `message` where it is JSON, else its text.
    private static String message(HttpResponse<byte[]> answer) {
        String text = new String(answer.body(), StandardCharsets.UTF_8).strip();
        if (text.startsWith("{")) {
            Object message = WireJson.read(answer.body(), Map.class).get("message");
            if (message != null) {
                return message.toString();
            }
        }
        return text.isEmpty() ? "the server answered status " + answer.statusCode() : text;
    }
}
