package io.forebay.bench.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The least that a server of files can be, `SendfileMain FOLDER PORT`: a platform thread and a blocking socket for
/// each connection, open files kept, and the kernel moves the bytes. No protocol beyond what a load generator sends.
public final class SendfileMain {
    private static final int HEAD_BYTES = 4096;

    private final Path folder;
    private final Map<String, FileChannel> files = new ConcurrentHashMap<>();

    private SendfileMain(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] arguments) throws IOException {
        SendfileMain server = new SendfileMain(Path.of(arguments[0]));
        try (ServerSocketChannel socket = ServerSocketChannel.open()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[1])));
            System.out.println("ready ");
            while (true) {
                SocketChannel connection = socket.accept();
                Thread.ofPlatform().daemon().start(() -> server.serve(connection));
            }
        }
    }

    private void serve(SocketChannel connection) {
        ByteBuffer head = ByteBuffer.allocateDirect(HEAD_BYTES);
        ByteBuffer reply = ByteBuffer.allocateDirect(HEAD_BYTES);
        try (connection) {
            while (connection.read(head) > 0) {
                if (endsHead(head)) {
                    answer(connection, path(head), reply);
                    head.clear();
                }
            }
        } catch (IOException e) {
            System.err.println("connection ended: " + e.getMessage());
        }
    }

    private void answer(SocketChannel connection, String path, ByteBuffer reply) throws IOException {
        FileChannel file = files.computeIfAbsent(path, this::open);
        long size = file.size();
        reply.clear();
        reply.put(("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        reply.flip();
        while (reply.hasRemaining()) {
            connection.write(reply);
        }
        long sent = 0;
        while (sent < size) {
            sent += file.transferTo(sent, size - sent, connection);
        }
    }

    private FileChannel open(String path) {
        try {
            return FileChannel.open(folder.resolve(path.substring(1)), StandardOpenOption.READ);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean endsHead(ByteBuffer head) {
        int end = head.position();
        return end >= 4 && head.getInt(end - 4) == 0x0D0A0D0A;
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
