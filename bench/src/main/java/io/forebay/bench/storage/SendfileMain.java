package io.forebay.bench.storage;

import io.forebay.bench.scenario.BareServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The least that a server of files can be, `SendfileMain FOLDER PORT`: open files kept, and the kernel moves
/// the bytes.
public final class SendfileMain implements BareServer.Answer {
    private final Path folder;
    private final Map<String, FileChannel> files = new ConcurrentHashMap<>();

    private SendfileMain(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] arguments) throws IOException {
        BareServer.serve(Integer.parseInt(arguments[1]), new SendfileMain(Path.of(arguments[0])));
    }

    @Override
    public void answer(SocketChannel connection, String path) throws IOException {
        FileChannel file = files.computeIfAbsent(path, this::open);
        long size = file.size();
        ByteBuffer reply = ByteBuffer.wrap(
                ("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
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
}
