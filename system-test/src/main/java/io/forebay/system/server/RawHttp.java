package io.forebay.system.server;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// One connection over which a test sends whatever bytes it likes, and reads answers. Not safe to share.
public final class RawHttp implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final URI url;
    private final int patienceMillis;
    private Socket socket;
    private InputStream in;
    private OutputStream out;
    private boolean ended;

    /// Throws NotSentException when nobody listens.
    public RawHttp(URI url) {
        this(url, PATIENCE_MILLIS);
    }

    /// @param patienceMillis how long connecting, and each further byte of an answer, may take
    public RawHttp(URI url, int patienceMillis) {
        this.url = url;
        this.patienceMillis = patienceMillis;
        try {
            this.socket = connect();
            this.in = new BufferedInputStream(socket.getInputStream());
            this.out = socket.getOutputStream();
        } catch (IOException e) {
            throw new NotSentException(e);
        }
    }

    /// An answer with its header names in lower case.
    public static final class Answer {
        private final int status;
        private final Map<String, String> headers;
        private final byte[] body;

        Answer(int status, Map<String, String> headers, byte[] body) {
            this.status = status;
            this.headers = headers;
            this.body = body;
        }

        public int status() {
            return status;
        }

        public Map<String, String> headers() {
            return headers;
        }

        public byte[] body() {
            return body;
        }

        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        public String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    /// Sends a request with a body and reads its answer; connects again first if the last answer ended the
    /// connection. Throws NotSentException when the server cannot have got all of it, and UncheckedIOException
    /// when nobody knows.
    public Answer send(String method, String target, String headers, byte[] body) {
        boolean framed = headers.toLowerCase(Locale.ROOT).contains("content-length:")
                || headers.toLowerCase(Locale.ROOT).contains("transfer-encoding:");
        String length = framed || (body.length == 0 && (method.equals("GET") || method.equals("HEAD")))
                ? ""
                : "Content-Length: " + body.length + "\r\n";
        String host = headers.toLowerCase(Locale.ROOT).contains("host:") ? "" : "Host: " + url.getAuthority() + "\r\n";
        write((method + " " + target + " HTTP/1.1\r\n" + host + length + headers + "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
        write(body);
        return read(method.equals("HEAD"));
    }

    public Answer send(String method, String target) {
        return send(method, target, "", new byte[0]);
    }

    public Answer send(String method, String target, String text) {
        return send(method, target, "", text.getBytes(StandardCharsets.UTF_8));
    }

    /// The sum of a metric's values over its labels; this is a connection to the control port.
    public long metric(String name) {
        return send("GET", "/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /// Sends bytes as they are. Throws NotSentException.
    public void write(byte[] bytes) {
        try {
            if (ended) {
                reconnect();
            }
            out.write(bytes);
            out.flush();
        } catch (IOException e) {
            throw new NotSentException(e);
        }
    }

    /// Reads one answer; `head` when it answers a HEAD request.
    public Answer read(boolean head) {
        try {
            Answer answer = readAnswer(head);
            ended = answer.header("connection").equalsIgnoreCase("close");
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Waits for `100 Continue`.
    public void awaitContinue() {
        try {
            String status = line();
            if (!status.startsWith("HTTP/1.1 100") || !line().isEmpty()) {
                throw new IOException("expected 100 Continue, not \"" + status + "\"");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void reconnect() throws IOException {
        socket.close();
        ended = false;
        socket = connect();
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Socket connect() throws IOException {
        Socket fresh = new Socket();
        try {
            fresh.connect(new InetSocketAddress(url.getHost(), url.getPort()), patienceMillis);
            fresh.setTcpNoDelay(true);
            fresh.setSoTimeout(patienceMillis);
            return fresh;
        } catch (IOException e) {
            fresh.close();
            throw e;
        }
    }

    private Answer readAnswer(boolean head) throws IOException {
        String status = line();
        if (!status.startsWith("HTTP/1.1 ")) {
            throw new IOException("not an answer: \"" + status + "\"");
        }
        int code = Integer.parseInt(status, 9, 12, 10);
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.merge(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip(),
                    (first, second) -> first + ", " + second);
        }
        if (code == 100) {
            return readAnswer(head);
        }
        boolean bodiless = head || code == 204 || code == 304;
        return new Answer(code, headers, bodiless ? new byte[0] : body(headers));
    }

    private byte[] body(Map<String, String> headers) throws IOException {
        if (headers.containsKey("content-length")) {
            return exactly(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        }
        if (!headers.getOrDefault("transfer-encoding", "").equals("chunked")) {
            return in.readAllBytes();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
            bytes.write(exactly(size));
            line();
        }
        line();
        return bytes.toByteArray();
    }

    private byte[] exactly(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new IOException("the answer ends after " + bytes.length + " of " + count + " bytes");
        }
        return bytes;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the connection ended after \"" + line.toString(StandardCharsets.UTF_8) + "\"");
            }
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }
}
