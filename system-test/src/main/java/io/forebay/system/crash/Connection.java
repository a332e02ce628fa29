package io.forebay.system.crash;

import io.forebay.system.server.RawHttp;
import io.forebay.system.server.RawHttp.Answer;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;

/// Calls of one client on both faces, and on the storage node to which it is redirected. Not safe to share.
final class Connection implements AutoCloseable {
    private final RawHttp gateway;
    private final Map<String, RawHttp> nodes = new TreeMap<>();

    /// Throws NotSentException when nobody listens.
    Connection(URI url) {
        this.gateway = new RawHttp(url);
    }

    /// An S3 request, or one of AIStore's. Throws UncheckedIOException when the connection breaks: then what was
    /// asked for may have been done, unless it is a NotSentException.
    Answer send(String method, String target, String headers, byte[] body) {
        Answer answer = gateway.send(method, target, headers, body);
        if (answer.status() != 301 && answer.status() != 307) {
            return answer;
        }
        URI location = URI.create(answer.header("location"));
        RawHttp node = nodes.computeIfAbsent(
                location.getAuthority(), authority -> new RawHttp(URI.create("http://" + authority)));
        String query = location.getRawQuery() == null ? "" : "?" + location.getRawQuery();
        return node.send(method, location.getRawPath() + query, headers, body);
    }

    Answer send(String method, String target) {
        return send(method, target, "", new byte[0]);
    }

    @Override
    public void close() {
        gateway.close();
        nodes.values().forEach(RawHttp::close);
    }
}
