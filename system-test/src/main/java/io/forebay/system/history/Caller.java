package io.forebay.system.history;

import io.forebay.system.server.RawHttp;
import io.forebay.system.server.RawHttp.Answer;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/// The connections of one client, to gateways and to the storage nodes that they redirect to. Not safe to share.
final class Caller implements AutoCloseable {
    private final Doors doors;
    private final int patienceMillis;
    private final Map<String, RawHttp> connections = new HashMap<>();

    Caller(Doors doors, int patienceMillis) {
        this.doors = doors;
        this.patienceMillis = patienceMillis;
    }

    /// Nobody took the connection: nothing was asked for.
    static final class NotSent extends Exception {
        private static final long serialVersionUID = 1;

        NotSent(UncheckedIOException cause) {
            super(cause);
        }
    }

    /// Sends a request, and once more where it is redirected to. Throws UncheckedIOException when there is no
    /// answer: then what was asked for may have been done.
    Answer send(URI gateway, String method, String target, String headers, byte[] body) throws NotSent {
        Answer answer = sendTo(gateway, method, target, headers, body);
        if (answer.status() != 301 && answer.status() != 307) {
            return answer;
        }
        URI location = URI.create(answer.header("location"));
        String query = location.getRawQuery() == null ? "" : "?" + location.getRawQuery();
        return sendTo(doors.reach(location), method, location.getRawPath() + query, headers, body);
    }

    private Answer sendTo(URI node, String method, String target, String headers, byte[] body) throws NotSent {
        RawHttp connection = connection(node);
        try {
            Answer answer = connection.send(method, target, headers, body);
            if (answer.header("connection").equalsIgnoreCase("close")) {
                drop(node);
            }
            return answer;
        } catch (UncheckedIOException e) {
            drop(node);
            throw e;
        }
    }

    private RawHttp connection(URI node) throws NotSent {
        RawHttp known = connections.get(node.getAuthority());
        if (known != null) {
            return known;
        }
        try {
            RawHttp fresh = new RawHttp(node, patienceMillis);
            connections.put(node.getAuthority(), fresh);
            return fresh;
        } catch (UncheckedIOException e) {
            throw new NotSent(e);
        }
    }

    private void drop(URI node) {
        RawHttp connection = connections.remove(node.getAuthority());
        if (connection != null) {
            connection.close();
        }
    }

    @Override
    public void close() {
        connections.values().forEach(RawHttp::close);
        connections.clear();
    }
}
