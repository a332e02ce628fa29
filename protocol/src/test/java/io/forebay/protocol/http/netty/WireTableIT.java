package io.forebay.protocol.http.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.protocol.http.RawClient;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every way to break or bend HTTP/1.1's framing, as bytes on a socket: what is refused, and what is understood how.
class WireTableIT {
    private static final String HOST = "Host: t\r\n";
    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: t\r\n\r\n";

    private final NettyFixture netty = new NettyFixture(Transport.AUTO);
    private final AtomicInteger smuggled = new AtomicInteger();
    private InetSocketAddress address = InetSocketAddress.createUnresolved("none", 0);

    @BeforeEach
    void serve() {
        address = netty.serve(
                exchange -> {
                    Request request = exchange.request();
                    if (request.target().equals("/smuggled")) {
                        smuggled.incrementAndGet();
                    }
                    byte[] body = exchange.mayWait() ? exchange.body().readAll(100_000) : new byte[0];
                    return Reply.text(
                            200,
                            request.method() + " " + request.target() + " "
                                    + request.headers().find("host", "-") + " "
                                    + request.headers().find("x", "-") + " "
                                    + new String(body, StandardCharsets.ISO_8859_1));
                },
                Map.of("timeouts.linger", "1s"));
    }

    @AfterEach
    void close() {
        netty.close();
        assertThat(smuggled).hasValue(0);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                // Two ways to say where the body ends.
                refused(400, "both lengths", post("Content-Length: 4", "Transfer-Encoding: chunked") + "0\r\n\r\n"),
                refused(400, "both lengths, other order", post("Transfer-Encoding: chunked", "Content-Length: 4")),
                refused(400, "two lengths that differ", post("Content-Length: 4", "Content-Length: 5") + "abcde"),
                refused(400, "two lengths that agree", post("Content-Length: 4", "content-length: 4") + "abcd"),
                refused(400, "a list of lengths", post("Content-Length: 4, 4") + "abcd"),
                refused(400, "two transfer codings", post("Transfer-Encoding: chunked", "Transfer-Encoding: chunked")),
                // Numbers that are none.
                refused(400, "length with plus", post("Content-Length: +4") + "abcd"),
                refused(400, "length with minus", post("Content-Length: -4") + "abcd"),
                refused(400, "length in hex", post("Content-Length: 0x4") + "abcd"),
                refused(400, "length with a space inside", post("Content-Length: 1 0") + "abcdefghij"),
                refused(400, "length with underscore", post("Content-Length: 1_0") + "abcdefghij"),
                refused(400, "empty length", post("Content-Length: ")),
                refused(400, "length beyond 63 bits", post("Content-Length: 9223372036854775808")),
                refused(400, "length far beyond", post("Content-Length: 99999999999999999999999")),
                refused(400, "length in other digits", post("Content-Length: \u00b2")),
                // Codings.
                refused(501, "unknown coding", post("Transfer-Encoding: gzip")),
                refused(501, "coding beside chunked", post("Transfer-Encoding: gzip, chunked")),
                refused(501, "almost chunked", post("Transfer-Encoding: xchunked")),
                refused(501, "quoted chunked", post("Transfer-Encoding: \"chunked\"")),
                refused(501, "chunked twice in a list", post("Transfer-Encoding: chunked, chunked")),
                refused(501, "identity", post("Transfer-Encoding: identity")),
                refused(501, "empty coding", post("Transfer-Encoding: ")),
                refused(
                        400,
                        "chunked in HTTP/1.0",
                        "POST / HTTP/1.0\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n"),
                // Lines.
                refused(400, "bare LF everywhere", "GET / HTTP/1.1\nHost: t\n\n"),
                refused(400, "bare LF after the request line", "GET / HTTP/1.1\n" + HOST + "\r\n"),
                refused(400, "bare LF after a header", "GET / HTTP/1.1\r\nHost: t\nX: y\r\n\r\n"),
                refused(400, "bare LF at the end", "GET / HTTP/1.1\r\nHost: t\r\n\n"),
                refused(400, "bare CR in a value", get("X: a\rContent-Length: 5")),
                refused(400, "bare CR as a line end", get("X: a\rY: b")),
                refused(400, "CR CR LF", get("X: a\r")),
                refused(400, "folded with a space", get("X: a\r\n b")),
                refused(400, "folded with a tab", get("X: a\r\n\tb")),
                refused(400, "folded first line", "GET / HTTP/1.1\r\n " + HOST + "\r\n"),
                refused(400, "space before the colon", get("Content-Length : 5")),
                refused(400, "tab before the colon", get("Transfer-Encoding\t: chunked")),
                refused(400, "space inside a name", get("X Y: a")),
                refused(400, "empty name", get(": a")),
                refused(400, "no colon", get("X")),
                refused(400, "NUL in a value", get("X: a\0b")),
                refused(400, "control in a value", get("X: a\u0001b")),
                refused(400, "DEL in a value", get("X: a\u007fb")),
                refused(400, "NUL in a name", get("X\0: a")),
                refused(400, "Latin-1 in a name", get("X\u00e9: a")),
                refused(400, "two empty lines first", "\r\n\r\nGET / HTTP/1.1\r\n" + HOST + "\r\n"),
                refused(400, "empty line of LF first", "\nGET / HTTP/1.1\r\n" + HOST + "\r\n"),
                refused(400, "space first", " GET / HTTP/1.1\r\n" + HOST + "\r\n"),
                refused(400, "TLS greeting", "\u0016\u0003\u0001\u0002\0\u0001"),
                // The request line.
                refused(505, "HTTP/2.0", "GET / HTTP/2.0\r\n" + HOST + "\r\n"),
                refused(505, "HTTP/1.2", "GET / HTTP/1.2\r\n" + HOST + "\r\n"),
                refused(505, "preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                refused(400, "no version", "GET /\r\n" + HOST + "\r\n"),
                refused(400, "lower-case version", "GET / http/1.1\r\n" + HOST + "\r\n"),
                refused(400, "long version", "GET / HTTP/1.10\r\n" + HOST + "\r\n"),
                refused(400, "short version", "GET / HTTP/1\r\n" + HOST + "\r\n"),
                refused(400, "space after the version", "GET / HTTP/1.1 \r\n" + HOST + "\r\n"),
                refused(400, "two spaces", "GET  / HTTP/1.1\r\n" + HOST + "\r\n"),
                refused(400, "tabs", "GET\t/\tHTTP/1.1\r\n" + HOST + "\r\n"),
                refused(400, "space in the target", "GET /a b HTTP/1.1\r\n" + HOST + "\r\n"),
                refused(400, "control in the target", "GET /a\u0001b HTTP/1.1\r\n" + HOST + "\r\n"),
                refused(400, "relative target", "GET a HTTP/1.1\r\n" + HOST + "\r\n"),
                refused(400, "asterisk for GET", "GET * HTTP/1.1\r\n" + HOST + "\r\n"),
                refused(400, "malformed method", "G@T / HTTP/1.1\r\n" + HOST + "\r\n"),
                refused(501, "unknown method", "BREW / HTTP/1.1\r\n" + HOST + "\r\n"),
                refused(501, "lower-case method", "get / HTTP/1.1\r\n" + HOST + "\r\n"),
                refused(501, "TRACE", "TRACE / HTTP/1.1\r\n" + HOST + "\r\n"),
                refused(501, "CONNECT", "CONNECT t:80 HTTP/1.1\r\n" + HOST + "\r\n"),
                refused(400, "user in an absolute target", "GET http://u@t/ HTTP/1.1\r\n" + HOST + "\r\n"),
                refused(400, "absolute target without authority", "GET http:///a HTTP/1.1\r\n" + HOST + "\r\n"),
                refused(400, "absolute target of another scheme", "GET ftp://t/a HTTP/1.1\r\n" + HOST + "\r\n"),
                // The host.
                refused(400, "no host", "GET / HTTP/1.1\r\n\r\n"),
                refused(400, "two hosts", "GET / HTTP/1.1\r\n" + HOST + HOST + "\r\n"),
                refused(400, "list of hosts", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"),
                refused(400, "path in the host", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
                refused(400, "user in the host", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("refused")
    void refuses(int status, String name, String bytes) throws IOException {
        try (RawClient client = new RawClient(address)) {
            client.send(bytes + (bytes.endsWith("\n") ? SMUGGLED : ""));
            RawClient.Response response = client.read();
            assertThat(response.status()).as(name).isEqualTo(status);
            assertThat(response.text()).isNotBlank();
            assertThat(response.header("connection")).isEqualTo("close");
            client.shutdownOutput();
            assertThat(client.atEnd()).isTrue();
            assertThat(netty.sample("forebay_http_requests_refused_total{status=\"" + status + "\"}"))
                    .isEqualTo(1);
        }
    }

    static Stream<Arguments> chunks() {
        return Stream.of(
                Arguments.of("garbage size", "xyz\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("empty size", "\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("size with plus", "+3\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("size with minus", "-3\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("size with 0x", "0x3\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("space before the size", " 3\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("space after the size", "3 \r\nabc\r\n0\r\n\r\n"),
                Arguments.of("size beyond 60 bits", "8000000000000000\r\nabc"),
                Arguments.of("size that wraps", "10000000000000003\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("bare LF after the size", "3\nabc\r\n0\r\n\r\n"),
                Arguments.of("bare CR after the size", "3\rabc\r\n0\r\n\r\n"),
                Arguments.of("bare LF after the data", "3\r\nabc\n0\r\n\r\n"),
                Arguments.of("data longer than its size", "3\r\nabcd\r\n0\r\n\r\n"),
                Arguments.of("no line end after the data", "3\r\nabc0\r\n\r\n"),
                Arguments.of("endless extension", "3;" + "e".repeat(600) + "\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("bare LF in an extension", "3;a\nb\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("control in an extension", "3;a\0b\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("trailer without a colon", "0\r\nX\r\n\r\n"),
                Arguments.of("folded trailer", "0\r\nX: a\r\n b\r\n\r\n"),
                Arguments.of("control in a trailer", "0\r\nX: a\0\r\n\r\n"),
                Arguments.of("bare LF in a trailer", "0\r\nX: a\n\r\n"),
                Arguments.of("endless trailers", "0\r\n" + ("X: " + "a".repeat(1000) + "\r\n").repeat(20) + "\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("chunks")
    void refusesChunks(String name, String chunks) throws IOException {
        try (RawClient client = new RawClient(address)) {
            client.send(post("Transfer-Encoding: chunked") + chunks + SMUGGLED);
            RawClient.Response response = client.read();
            assertThat(response.status()).as(name).isEqualTo(400);
            assertThat(response.header("connection")).isEqualTo("close");
            client.shutdownOutput();
            assertThat(client.atEnd()).isTrue();
        }
    }

    static Stream<Arguments> understood() {
        return Stream.of(
                understood("GET / t - ", get()),
                understood("GET / t a b ", get("X:  a b \t ")),
                understood("GET / t  ", get("X:")),
                understood("GET / t \u00e9 ", get("X: \u00e9")),
                understood("GET / t - ", "\r\n" + get()),
                understood("GET / t - ", get("Expect: 200-ok")),
                understood("POST / t - abcd", post("Content-Length: 4", "Expect:") + "abcd"),
                understood("GET / t:80 - ", "GET / HTTP/1.1\r\nHoSt:t:80\r\n\r\n"),
                understood("GET / [::1]:80 - ", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n"),
                understood("GET /  - ", "GET / HTTP/1.1\r\nHost:\r\n\r\n"),
                understood("GET /a?b other:8 - ", "GET http://other:8/a?b HTTP/1.1\r\n" + HOST + "\r\n"),
                understood("GET / other - ", "GET HTTP://other HTTP/1.1\r\n" + HOST + "\r\n"),
                understood("GET /?a other - ", "GET http://other?a HTTP/1.1\r\n" + HOST + "\r\n"),
                understood("OPTIONS * t - ", "OPTIONS * HTTP/1.1\r\n" + HOST + "\r\n"),
                understood("GET /\u00e9?#{} t - ", "GET /\u00e9?#{} HTTP/1.1\r\n" + HOST + "\r\n"),
                understood("POST / t - ", post()),
                understood("POST / t - ", post("Content-Length: 0")),
                understood("POST / t - abcd", post("Content-Length: 04") + "abcd"),
                understood("POST / t - ", post("Transfer-Encoding: Chunked") + "0\r\n\r\n"),
                understood(
                        "POST / t - abc", post("Transfer-Encoding: chunked") + "3;a=\"b c\";d\r\nabc\r\n000\r\n\r\n"),
                understood(
                        "POST / t - abc", post("Transfer-Encoding: chunked") + "3\r\nabc\r\n0\r\nX-T: a\r\nY:\r\n\r\n"),
                understood("DELETE / t - {}", "DELETE / HTTP/1.1\r\n" + HOST + "Content-Length: 2\r\n\r\n{}"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("understood")
    void understands(String expected, String bytes) throws IOException {
        try (RawClient client = new RawClient(address)) {
            for (int round = 0; round < 2; round++) {
                client.send(bytes + "GET /next HTTP/1.1\r\nHost: n\r\n\r\n");
                assertThat(client.read().text()).isEqualTo(expected);
                assertThat(client.read().text()).isEqualTo("GET /next n - ");
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("understood")
    void understandsByteByByte(String expected, String bytes) throws IOException {
        try (RawClient client = new RawClient(address)) {
            for (int index = 0; index < bytes.length(); index++) {
                client.send(bytes.substring(index, index + 1));
            }
            assertThat(client.read().text()).isEqualTo(expected);
        }
    }

    private static Arguments refused(int status, String name, String bytes) {
        return Arguments.of(status, name, bytes);
    }

    private static Arguments understood(String expected, String bytes) {
        // The handler's text is UTF-8 of Latin-1 chars, as the client reads it.
        return Arguments.of(expected, bytes);
    }

    private static String get(String... lines) {
        return "GET / HTTP/1.1\r\n" + HOST + lines(lines) + "\r\n";
    }

    private static String post(String... lines) {
        return "POST / HTTP/1.1\r\n" + HOST + lines(lines) + "\r\n";
    }

    private static String lines(String... lines) {
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            text.append(line).append("\r\n");
        }
        return text.toString();
    }
}
