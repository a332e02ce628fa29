package io.forebay.app;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/// Where a port listens: `127.0.0.1:8080`, `[::1]:8080`, `0.0.0.0:8080` or `localhost:0` (0 for any free port).
record ListenAddress(String host, int port) {

    /// Throws INVALID_ARGUMENT naming the setting when the text is not `HOST:PORT`.
    static ListenAddress parse(String setting, String text) {
        int colon = text.lastIndexOf(':');
        String host = colon > 0 ? text.substring(0, colon) : "";
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        int port = colon > 0 ? port(text.substring(colon + 1)) : -1;
        Check.argument(
                !host.isEmpty() && port >= 0,
                "setting %s: \"%s\" is not an address: expecting HOST:PORT, such as 127.0.0.1:8080",
                setting,
                text);
        return new ListenAddress(host, port);
    }

    /// The address with its host resolved. Throws INVALID_ARGUMENT when the host is unknown.
    InetSocketAddress resolve() {
        return new InetSocketAddress(address(), port);
    }

    boolean isLoopback() {
        return address().isLoopbackAddress();
    }

    /// The same host with another port.
    ListenAddress at(int otherPort) {
        return new ListenAddress(host, otherPort);
    }

    /// The same port at the host by which others are to reach it, where one is named.
    ListenAddress advertised(@Nullable String otherHost) {
        return otherHost == null ? this : new ListenAddress(otherHost, port);
    }

    /// The URL by which others reach what listens here. A wildcard host stands for this machine's own address.
    String url(int boundPort) {
        return url("http", boundPort);
    }

    /// The same for another scheme.
    String url(String scheme, int boundPort) {
        InetAddress address = address();
        String shown = address.isAnyLocalAddress() ? ownAddress() : host;
        return scheme + "://" + (shown.indexOf(':') >= 0 ? "[" + shown + "]" : shown) + ":" + boundPort;
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    private InetAddress address() {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new StoreException(ErrorCode.INVALID_ARGUMENT, "cannot listen on " + host + ": unknown host", e);
        }
    }

    private static String ownAddress() {
        try {
            return InetAddress.getLocalHost().getHostAddress();
        } catch (UnknownHostException e) {
            throw new StoreException(
                    ErrorCode.INVALID_ARGUMENT,
                    "this machine's own address is unknown: name it by the setting server.advertise",
                    e);
        }
    }

    private static int port(String text) {
        if (text.isEmpty() || text.length() > 5 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        int port = Integer.parseInt(text);
        return port <= 65_535 ? port : -1;
    }
}
