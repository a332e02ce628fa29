package io.forebay.protocol.http.netty;

import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.HttpClient;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import io.forebay.protocol.http.netty.codec.RequestHead;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// One request on one connection.
final class ServerExchange implements Exchange {
    private final ServerConnection connection;
    private final RequestHead head;
    private final Body body;
    private final long number;
    private boolean mayWait;
    private @Nullable Asking asking;
    private @Nullable String id;

    ServerExchange(ServerConnection connection, RequestHead head, Body body, long number) {
        this.connection = connection;
        this.head = head;
        this.body = body;
        this.number = number;
    }

    RequestHead head() {
        return head;
    }

    boolean isHead() {
        return head.request().method() == Method.HEAD;
    }

    /// From now on the handler is called on a thread that may wait. Set before that thread starts.
    void letWait() {
        mayWait = true;
    }

    @Override
    public Request request() {
        return head.request();
    }

    @Override
    public Body body() {
        return body;
    }

    @Override
    public boolean mayWait() {
        return mayWait;
    }

    @Override
    public Reply ask(HttpClient client, String baseUrl, Request asked) {
        if (mayWait || !connection.waiting().isAdmitted()) {
            return Reply.WOULD_WAIT;
        }
        Asking once = asking;
        if (once == null) {
            once = new Asking();
            asking = once;
        }
        return once.ask(client, baseUrl, asked, () -> connection.answered(this));
    }

    /// What it asks of another server; null when it never did.
    @Nullable
    Asking asking() {
        return asking;
    }

    @Override
    public InetSocketAddress remote() {
        return connection.remote();
    }

    @Override
    public boolean secure() {
        return connection.secure();
    }

    @Override
    public boolean fromNode() {
        return connection.fromNode();
    }

    /// Made when it is first asked for; two threads that ask at once make the same text.
    @Override
    public String id() {
        String text = id;
        if (text == null) {
            text = hex(number);
            id = text;
        }
        return text;
    }

    private static String hex(long number) {
        byte[] digits = new byte[16];
        for (int index = 0; index < digits.length; index++) {
            int digit = (int) (number >>> (60 - 4 * index)) & 15;
            digits[index] = (byte) (digit < 10 ? '0' + digit : 'A' + digit - 10);
        }
        return new String(digits, java.nio.charset.StandardCharsets.ISO_8859_1);
    }
}
