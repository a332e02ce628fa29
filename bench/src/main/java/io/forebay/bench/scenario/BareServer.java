package io.forebay.bench.scenario;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/// The least that a server can be: a platform thread and a blocking socket for each connection, and no
/// protocol beyond what a load generator sends, requests without bodies.
public final class BareServer {
    private static final int HEAD_BYTES = 4096;
    private static final int HEAD_END = 0x0D0A0D0A;

    private final Answer answer;

    private BareServer(Answer answer) {
        this.answer = answer;
    }

    /// What is done for a request.
    @FunctionalInterface
    public interface Answer {
        /// Writes the whole reply. For many threads at once.
        void answer(SocketChannel connection, String path) throws IOException;
    }

    /// Serves a port of the loopback address for as long as the process lives, and says when it is `ready`.
    public static void serve(int port, Answer answer) throws IOException {
        BareServer server = new BareServer(answer);
        try (ServerSocketChannel socket = ServerSocketChannel.open()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            System.out.println("ready ");
            while (true) {
                SocketChannel connection = socket.accept();
                Thread.ofPlatform().daemon().start(() -> server.serve(connection));
            }
        }
    }

    private void serve(SocketChannel connection) {
        ByteBuffer head = ByteBuffer.allocateDirect(HEAD_BYTES);
        try (connection) {
            connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
            while (connection.read(head) > 0) {
                if (endsHead(head)) {
                    answer.answer(connection, path(head));
                    head.clear();
                }
            }
        } catch (IOException e) {
            System.err.println("connection ended: " + e.getMessage());
        }
    }

    private static boolean endsHead(ByteBuffer head) {
        int end = head.position();
        return end >= Integer.BYTES && head.getInt(end - Integer.BYTES) == HEAD_END;
    }

    /// The second word of the request.
    private static String path(ByteBuffer head) {
        byte[] bytes = new byte[head.position()];
        head.get(0, bytes);
        String line = new String(bytes, StandardCharsets.US_ASCII);
        int from = line.indexOf(' ') + 1;
        return line.substring(from, line.indexOf(' ', from));
    }
}
