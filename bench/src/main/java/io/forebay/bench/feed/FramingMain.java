package io.forebay.bench.feed;

import io.forebay.bench.load.ObjectNames;
import io.forebay.bench.scenario.BareServer;
import io.forebay.transform.archive.tar.TarFraming;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/// The least that makes a batch, `FramingMain FILE PORT BYTES ENTRIES`: for each request a loop that reads
/// that many runs of bytes from random places of one open file, frames them as a tar, and writes to a
/// blocking socket what has filled a buffer. No names are looked up.
public final class FramingMain implements BareServer.Answer {
    private static final int BUFFER_BYTES = 256 << 10;

    private final FileChannel file;
    private final int bytes;
    private final int entries;
    private final int runs;
    private final ThreadLocal<ByteBuffer> buffers;
    private final String head;

    private FramingMain(FileChannel file, int bytes, int entries) throws IOException {
        this.file = file;
        this.bytes = bytes;
        this.entries = entries;
        this.runs = Math.toIntExact(file.size() / bytes);
        long length = (long) entries * stored() + TarFraming.end().remaining();
        this.buffers = ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(BUFFER_BYTES + 2 * stored()));
        this.head = "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n";
    }

    public static void main(String[] arguments) throws IOException {
        try (FileChannel file = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.READ)) {
            FramingMain framing = new FramingMain(file, Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
            BareServer.serve(Integer.parseInt(arguments[1]), framing);
        }
    }

    @Override
    public void answer(SocketChannel connection, String path) throws IOException {
        Random random = new Random();
        ByteBuffer out = buffers.get();
        out.put(head.getBytes(StandardCharsets.US_ASCII));
        for (int entry = 0; entry < entries; entry++) {
            if (out.remaining() < stored() + TarFraming.end().remaining()) {
                send(out, connection);
            }
            frame(random.nextInt(runs), out);
        }
        out.put(TarFraming.end());
        send(out, connection);
    }

    private int stored() {
        return TarFraming.BLOCK_BYTES + bytes + TarFraming.paddingBytes(bytes);
    }

    private void frame(int run, ByteBuffer out) throws IOException {
        out.put(TarFraming.header(ObjectNames.of(run), bytes, 0));
        int end = out.position() + bytes;
        int limit = out.limit();
        out.limit(end);
        while (out.hasRemaining()) {
            file.read(out, (long) run * bytes + bytes - out.remaining());
        }
        out.limit(limit);
        out.put(TarFraming.padding(bytes));
    }

    private static void send(ByteBuffer out, SocketChannel connection) throws IOException {
        out.flip();
        while (out.hasRemaining()) {
            connection.write(out);
        }
        out.clear();
    }
}
