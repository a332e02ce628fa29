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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// `forebay server` as people start it, with one storage node, on one processor.
public final class ForebayServer implements Peer {
    private static final int OK = 200;

    private final Launched process;
    private final InetSocketAddress address;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private ForebayServer(Launched process, InetSocketAddress address) {
        this.process = process;
        this.address = address;
    }

    /// Starts a server on a data folder of the scratch folder.
    ///
    /// @param environment further variables; with keys of the root user in it, the server authenticates
    public static ForebayServer start(Home home, RunConfig config, Map<String, String> environment) {
        InetSocketAddress address = Ports.free();
        return started(
                Launched.start(home, "forebay", command(home, config, address, environment), all(config, environment)),
                address);
    }

    /// Starts a server on every processor there is, which builds nothing first: what an operator's restart is.
    public static ForebayServer startOnAll(Home home, RunConfig config) {
        InetSocketAddress address = Ports.free();
        Map<String, String> environment = all(config, Map.of("FOREBAY_NO_BUILD", "1"));
        return started(
                Launched.startOnAll(home, "forebay", command(home, config, address, Map.of()), environment), address);
    }

    private static ForebayServer started(Launched process, InetSocketAddress address) {
        process.await(
                () -> process.output().contains("\nready ") || process.output().startsWith("ready "));
        return new ForebayServer(process, address);
    }

    private static List<String> command(
            Home home, RunConfig config, InetSocketAddress address, Map<String, String> environment) {
        List<String> command = new ArrayList<>(List.of(
                home.root().resolve("scripts/forebay").toString(),
                "server",
                "--data",
                home.folder("data").toString(),
                "--listen",
                Ports.text(address),
                "--control",
                Ports.text(Ports.free()),
                "--auth",
                environment.isEmpty() ? "off" : "on"));
        config.settings().forEach(setting -> command.addAll(List.of("--set", setting)));
        return command;
    }

    private static Map<String, String> all(RunConfig config, Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("FOREBAY_JAVA_OPTS", config.javaOptions());
        return all;
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public long cpuNanos() {
        return process.cpuNanos();
    }

    @Override
    public void close() {
        process.close();
    }

    public long pid() {
        return process.pid();
    }

    /// Ends the server at once, as a crash would.
    public void kill() {
        process.kill();
    }

    /// Makes a bucket with these properties, as JSON of AIStore's form; `null` for none.
    public void createBucket(String bucket, String properties) {
        request("POST", "/v1/buckets/" + bucket, "{\"action\":\"create-bck\",\"value\":" + properties + "}");
    }

    /// The body of an object, to see that a load asks for what it means to.
    public byte[] read(String target) {
        return request("GET", target, "");
    }

    /// Removes a bucket with everything in it.
    public void destroyBucket(String bucket) {
        request("DELETE", "/v1/buckets/" + bucket, "{\"action\":\"destroy-bck\"}");
    }

    private byte[] request(String method, String target, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + Ports.text(address) + target))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .build();
        try {
            HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
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
