package io.forebay.bench.scenario;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/// Single requests to a server, beside the load. Fail unless the answer is 200.
public final class Calls {
    private static final int OK = 200;
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final InetSocketAddress address;

    public Calls(InetSocketAddress address) {
        this.address = address;
    }

    /// Makes a bucket with these properties, as JSON of AIStore's form; `null` for none.
    public void createBucket(String bucket, String properties) {
        send("POST", "/v1/buckets/" + bucket, "{\"action\":\"create-bck\",\"value\":" + properties + "}");
    }

    /// The body of an object, to see that a load asks for what it means to.
    public byte[] read(String target) {
        return send("GET", target, "");
    }

    /// What a GET with a JSON message answers.
    public byte[] ask(String target, String message) {
        return send("GET", target, message);
    }

    /// Removes a bucket with everything in it.
    public void destroyBucket(String bucket) {
        send("DELETE", "/v1/buckets/" + bucket, "{\"action\":\"destroy-bck\"}");
    }

    /// The sum over all series of a metric, of a control port; 0 when there is none.
    public double metric(String name) {
        return new String(send("GET", "/metrics", ""), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private byte[] send(String method, String target, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + Ports.text(address) + target))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .build();
        try {
            HttpResponse<byte[]> response = CLIENT.send(request, BodyHandlers.ofByteArray());
            if (response.statusCode() != OK) {
                throw new IllegalStateException(method + " " + target + ": status " + response.statusCode());
            }
            return response.body();
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + target + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
