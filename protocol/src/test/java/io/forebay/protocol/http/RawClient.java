package io.forebay.protocol.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/// A client that sends exactly the bytes it is given.
public final class RawClient implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    public RawClient(InetSocketAddress address) throws IOException {
        this(address, 0);
    }

    /// A client that speaks TLS; the handshake is done.
    public RawClient(InetSocketAddress address, SSLContext tls) throws IOException {
        SSLSocket encrypted = (SSLSocket) tls.getSocketFactory().createSocket(address.getAddress(), address.getPort());
        encrypted.setSoTimeout(20_000);
        encrypted.startHandshake();
        socket = encrypted;
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
    }

    /// A client that takes in at most about that many bytes before it reads them.
    public RawClient(InetSocketAddress address, int receiveBytes) throws IOException {
        socket = new Socket();
        if (receiveBytes > 0) {
            socket.setReceiveBufferSize(receiveBytes);
        }
        socket.setTcpNoDelay(true);
        socket.connect(address);
        socket.setSoTimeout(20_000);
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
    }

    /// The server's address.
    public InetSocketAddress peer() {
        return (InetSocketAddress) socket.getRemoteSocketAddress();
    }

    /// Sends Latin-1 text.
    public RawClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    public Response get(String path) throws IOException {
        return send("GET " + path + " HTTP/1.1\r\nHost: t\r\n\r\n").read();
    }

    /// Reads one response with its body.
    public Response read() throws IOException {
        return read(true);
    }

    /// Reads one response, to HEAD or an interim one when it has no body.
    public Response read(boolean withBody) throws IOException {
        String statusLine = line();
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int status = Integer.parseInt(statusLine.substring(9, 12));
        byte[] body = withBody && status >= 200 && status != 204 && status != 304 ? body(headers) : new byte[0];
        return new Response(status, statusLine, headers, body);
    }

    /// Whether the server has closed its side, with nothing left to read.
    public boolean atEnd() throws IOException {
        try {
            return in.read() < 0;
        } catch (java.net.SocketException e) {
            return true;
        }
    }

    public int readSome(byte[] into) throws IOException {
        return in.read(into);
    }

    /// Ends the connection without a word, as when the machine goes away.
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private byte[] body(Map<String, String> headers) throws IOException {
        if ("chunked".equals(headers.get("transfer-encoding"))) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
                body.write(exactly(size));
                line();
            }
            line();
            return body.toByteArray();
        }
        String length = headers.get("content-length");
        return length == null ? in.readAllBytes() : exactly(Integer.parseInt(length));
    }

    private byte[] exactly(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new IOException("ended after " + bytes.length + " of " + count + " bytes");
        }
        return bytes;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("ended inside \"" + line + "\"");
            }
            line.append((char) b);
        }
        if (line.isEmpty() || line.charAt(line.length() - 1) != '\r') {
            throw new IOException("line ends in a bare LF: " + line);
        }
        return line.substring(0, line.length() - 1);
    }

    /// One response; header names in lower case, the last of each name.
    @SuppressWarnings("ArrayRecordComponent") // A value of tests, never compared.
    public record Response(int status, String statusLine, Map<String, String> headers, byte[] body) {
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        public String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }
}
