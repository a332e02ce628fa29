package io.forebay.protocol.http;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// Servers without sockets: handlers by base URL, called on the thread that sends. Others cannot be
/// reached.
public final class InMemoryHttp implements HttpClient {
    private final Map<String, Answering> servers = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> calls = new ConcurrentHashMap<>();

    /// Answers there from now on.
    public void open(String baseUrl, Handler handler) {
        servers.put(baseUrl, new Answering(handler, new LongAdder()));
    }

    /// Nobody answers there any longer.
    public void shut(String baseUrl) {
        servers.remove(baseUrl);
    }

    /// How many requests went there.
    public long calls(String baseUrl) {
        LongAdder count = calls.get(baseUrl);
        return count == null ? 0 : count.sum();
    }

    @Override
    public Reply send(String baseUrl, Request request, Body body) {
        calls.computeIfAbsent(baseUrl, url -> new LongAdder()).increment();
        Answering server = servers.get(baseUrl);
        if (server == null) {
            throw new StoreException(ErrorCode.NODE_UNAVAILABLE, "cannot reach " + baseUrl);
        }
        InetSocketAddress remote = InetSocketAddress.createUnresolved("client", 1);
        return server.call(new DirectExchange(request, body, true, remote, false, "request"));
    }
}
