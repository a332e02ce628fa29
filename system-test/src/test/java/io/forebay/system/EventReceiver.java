package io.forebay.system;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.forebay.protocol.api.WireJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A webhook that takes events whenever it is there.
final class EventReceiver implements AutoCloseable {
    private final BlockingQueue<Map<?, ?>> records = new LinkedBlockingQueue<>();
    private final int port;
    private @Nullable HttpServer server;

    /// Is away at first, with its port free.
    EventReceiver() {
        comeBack(0);
        HttpServer first = server;
        port = first == null ? 0 : first.getAddress().getPort();
        goAway();
    }

    String url() {
        return "http://127.0.0.1:" + port + "/";
    }

    void comeBack() {
        comeBack(port);
    }

    private void comeBack(int wanted) {
        try {
            HttpServer started = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted), 0);
            started.createContext("/", this::take);
            started.start();
            server = started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void goAway() {
        if (server != null) {
            server.stop(0);
            server = null;
        }
    }

    /// The next events, in the order in which they came. Fails when so many do not come.
    List<Map<?, ?>> take(int count) throws InterruptedException {
        List<Map<?, ?>> taken = new ArrayList<>();
        while (taken.size() < count) {
            Map<?, ?> record = records.poll(60, TimeUnit.SECONDS);
            if (record == null) {
                throw new AssertionError("only " + taken.size() + " of " + count + " events came");
            }
            taken.add(record);
        }
        return taken;
    }

    /// The name of an event and the key of its object.
    static String event(Map<?, ?> record) {
        return record.get("eventName") + " " + at(record, "s3", "object", "key");
    }

    /// A value deep inside an event; empty when there is none.
    static String at(Map<?, ?> record, String... path) {
        Object value = record;
        for (String name : path) {
            value = value instanceof Map<?, ?> fields ? fields.get(name) : null;
        }
        return value == null ? "" : value.toString();
    }

    private void take(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (WireJson.read(body, Map.class).get("Records") instanceof List<?> list) {
            list.forEach(record -> records.add((Map<?, ?>) record));
        }
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }

    @Override
    public void close() {
        goAway();
    }
}
