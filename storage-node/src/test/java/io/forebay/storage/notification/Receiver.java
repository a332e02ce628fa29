package io.forebay.storage.notification;

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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A webhook by real HTTP, which can be away for a while and answers with the status that it is told.
final class Receiver implements AutoCloseable {
    private final List<Map<?, ?>> records = new CopyOnWriteArrayList<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private volatile int status = 204;
    private final AtomicInteger requests = new AtomicInteger();
    private final int port;
    private @Nullable HttpServer server;

    Receiver() {
        HttpServer first = begin(0);
        port = first.getAddress().getPort();
        server = first;
    }

    String url() {
        return "http://127.0.0.1:" + port + "/events?a=b";
    }

    void answer(int next) {
        status = next;
    }

    void goAway() {
        if (server != null) {
            server.stop(0);
            server = null;
        }
    }

    void comeBack() {
        server = begin(port);
    }

    int requests() {
        return requests.get();
    }

    List<String> authorizations() {
        return authorizations;
    }

    /// What was told with success, in the order in which it came.
    List<Map<?, ?>> records() {
        return records;
    }

    /// The name of the event and the key of each.
    List<String> events() {
        List<String> events = new ArrayList<>();
        for (Map<?, ?> record : records) {
            events.add(record.get("eventName") + " " + at(record, "s3", "object", "key"));
        }
        return events;
    }

    /// A value deep inside a record.
    static @Nullable Object at(Map<?, ?> record, String... path) {
        Object value = record;
        for (String name : path) {
            value = value instanceof Map<?, ?> fields ? fields.get(name) : null;
        }
        return value;
    }

    private HttpServer begin(int wanted) {
        try {
            HttpServer started = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted), 0);
            started.createContext("/events", this::take);
            started.start();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void take(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        int answered = status;
        requests.incrementAndGet();
        authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        if (answered / 100 == 2 && WireJson.read(body, Map.class).get("Records") instanceof List<?> list) {
            list.forEach(record -> records.add((Map<?, ?>) record));
        }
        exchange.sendResponseHeaders(answered, -1);
        exchange.close();
    }

    @Override
    public void close() {
        goAway();
    }
}
