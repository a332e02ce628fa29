package io.forebay.bench.s3;

import io.forebay.bench.load.LoadLoop;
import io.forebay.bench.load.LoadPlan;
import io.forebay.bench.load.ObjectNames;
import io.forebay.bench.load.PreparedSource;
import io.forebay.bench.scenario.Dataset;
import io.forebay.bench.scenario.ForebayServer;
import io.forebay.bench.scenario.Ratios;
import io.forebay.bench.scenario.Report;
import io.forebay.common.error.Check;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.sigv4.SigV4Signer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// What clients notice, who ask at a steady rate, while others do what a server must withstand: the longest latency
/// but for a hundredth, and the server's memory.
final class HostileRow {
    private static final double BAR = 3;
    private static final double RATE = 2000;
    private static final Duration SETTLING = Duration.ofSeconds(2);
    private static final int CONNECTIONS = 16;
    private static final int REQUEST_BYTES = 4096;
    private static final int SLOW_OF_A_KIND = 150;
    private static final int IDLE = 9000;
    private static final long PAUSE_NANOS = 20_000_000;
    private static final int NARROW_BYTES = 4096;
    private static final int WRONG_BYTES = 1 << 20;
    private static final String BUFFERED = "forebay_http_buffered_bytes";
    private static final String WRONG_HASH = "0".repeat(64);

    private static final String BOMB = "<!DOCTYPE l [<!ENTITY a \"ha\">"
            + IntStream.range(1, 20)
                    .mapToObj(level ->
                            "<!ENTITY " + entity(level) + " \"" + ("&" + entity(level - 1) + ";").repeat(10) + "\">")
                    .reduce("", String::concat)
            + "]><Delete><Object><Key>&" + entity(19) + ";</Key></Object></Delete>";

    private final S3Config config;
    private final Report report;
    private final SigV4Signer signer;
    private final Dataset small;
    private final Dataset large;

    HostileRow(S3Config config, Report report, SigV4Signer signer, Dataset small, Dataset large) {
        this.config = config;
        this.report = report;
        this.signer = signer;
        this.small = small;
        this.large = large;
    }

    /// Something that goes on until it is closed.
    private interface Attack extends AutoCloseable {
        @Override
        void close();
    }

    void run(ForebayServer forebay) {
        InetSocketAddress address = forebay.address();
        Map<String, Supplier<Attack>> attacks = new LinkedHashMap<>();
        attacks.put("slow clients", () -> slow(address));
        attacks.put("idle connections", () -> idle(address));
        attacks.put("entity bombs", () -> bombs(address));
        attacks.put("wrong checksums", () -> wrong(address));
        Ratios ratios =
                new Ratios("p99 of GET at %,.0f a second while others misbehave, against before".formatted(RATE), "ms");
        attacks.keySet().forEach(kind -> ratios.bar(kind, Ratios.Side.AT_MOST, BAR));
        report.progress("warming up: GET");
        p99(forebay, config.run().warmUp());
        double most = 0;
        for (int pair = 0; pair < config.run().pairs(); pair++) {
            for (Map.Entry<String, Supplier<Attack>> attack : attacks.entrySet()) {
                report.progress("pair " + (pair + 1) + ": " + attack.getKey());
                most = Math.max(most, add(attack.getKey(), ratios, forebay, attack.getValue()));
            }
        }
        ratios.note("most bytes of bodies in the server's buffers meanwhile: %,.0f".formatted(most));
        report.result(ratios.text());
    }

    /// One pair; the bytes that the server had in buffers.
    private double add(String kind, Ratios ratios, ForebayServer forebay, Supplier<Attack> begin) {
        settle(forebay);
        double before = p99(forebay, config.run().time());
        try (Attack _ = begin.get()) {
            settle(forebay);
            double during = p99(forebay, config.run().time());
            ratios.add(kind, during, before);
            return forebay.metric(BUFFERED);
        }
    }

    /// Lets what thousands of connections cost when they come and go be over.
    private void settle(ForebayServer forebay) {
        p99(forebay, SETTLING);
    }

    private double p99(ForebayServer forebay, Duration time) {
        List<String> targets = IntStream.range(0, small.objects())
                .mapToObj(index -> "/" + S3Scenario.NONE + "/" + small.name() + "/" + ObjectNames.of(index))
                .toList();
        InetSocketAddress address = forebay.address();
        LoadPlan plan = new LoadPlan(address, CONNECTIONS, time, 0, RATE, REQUEST_BYTES);
        return LoadLoop.run(plan, PreparedSource.inRandomOrder(signer, Method.GET, address, targets))
                        .requireClean()
                        .allLatencies()
                        .getValueAtPercentile(99)
                / 1e6;
    }

    /// Heads that do not end, bodies that do not come, answers that nobody takes.
    private Attack slow(InetSocketAddress address) {
        String read =
                "GET /" + S3Scenario.NONE + "/" + large.name() + "/" + ObjectNames.of(0) + " HTTP/1.1\r\nHost: a\r\n";
        List<Socket> sockets = new ArrayList<>();
        for (int client = 0; client < SLOW_OF_A_KIND; client++) {
            sockets.add(open(address, read + "X-Slow:"));
            sockets.add(open(
                    address, "PUT /" + S3Scenario.NONE + "/never HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n1"));
            sockets.add(open(address, read + "\r\n"));
        }
        return () -> closeAll(sockets);
    }

    private static Attack idle(InetSocketAddress address) {
        List<Socket> sockets = new ArrayList<>();
        for (int client = 0; client < IDLE; client++) {
            sockets.add(open(address, ""));
        }
        return () -> closeAll(sockets);
    }

    private Attack bombs(InetSocketAddress address) {
        SignedCalls calls = new SignedCalls(signer, address);
        return repeated(() -> {
            int status = calls.status(Method.POST, "/" + S3Scenario.NONE + "?delete", BOMB, null);
            Check.that(status == 400, "a document with entities was answered %s", status);
        });
    }

    private Attack wrong(InetSocketAddress address) {
        SignedCalls calls = new SignedCalls(signer, address);
        String body = "x".repeat(WRONG_BYTES);
        return repeated(() -> {
            int status = calls.status(Method.PUT, "/" + S3Scenario.NONE + "/wrong", body, WRONG_HASH);
            Check.that(status == 400, "a wrong checksum was answered %s", status);
        });
    }

    /// Does it again and again, one at a time, and not so often that the loader's processor is busy with it.
    private static Attack repeated(Runnable once) {
        AtomicBoolean over = new AtomicBoolean();
        FutureTask<Void> task = new FutureTask<>(() -> {
            while (!over.get()) {
                once.run();
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            return null;
        });
        Thread thread = Thread.ofVirtual().start(task);
        return () -> {
            over.set(true);
            try {
                thread.join();
                Check.that(task.state() == FutureTask.State.SUCCESS, "an attack ended early: %s", task);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    private static Socket open(InetSocketAddress address, String text) {
        try {
            Socket socket = new Socket();
            socket.setReceiveBufferSize(NARROW_BYTES);
            socket.connect(address);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException("no connection to " + address + ": " + e.getMessage(), e);
        }
    }

    private static void closeAll(List<Socket> sockets) {
        for (Socket socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException("a connection cannot be closed: " + e.getMessage(), e);
            }
        }
    }

    private static String entity(int level) {
        return String.valueOf((char) ('a' + level));
    }
}
