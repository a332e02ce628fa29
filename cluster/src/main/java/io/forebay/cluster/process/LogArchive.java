package io.forebay.cluster.process;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// The files of a log as one tar.gz, made while it is sent: of its bytes only a few blocks are ever in
/// memory. Owns the files.
final class LogArchive implements ByteSource {
    private static final int RECORD = 512;
    private static final int BLOCK = 32 << 10;

    private final Deque<LogEntries> files = new ArrayDeque<>();
    private final Deque<String> names = new ArrayDeque<>();
    private final long modifiedSeconds;
    private final ByteArrayOutputStream packed = new ByteArrayOutputStream();
    private final GZIPOutputStream gzip;
    private @Nullable LogEntries current;
    private boolean ended;

    /// @param modifiedSeconds the time of the files in the archive, in seconds since the epoch
    LogArchive(List<LogFile> files, Severity severity, long modifiedSeconds) {
        this.modifiedSeconds = modifiedSeconds;
        for (LogFile file : files) {
            this.files.add(new LogEntries(file, severity));
            this.names.add(file.name());
        }
        try {
            this.gzip = new GZIPOutputStream(packed);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public long length() {
        return -1;
    }

    @Override
    public @Nullable ByteBuffer next() {
        try {
            while (packed.size() < BLOCK && !ended) {
                advance();
            }
            byte[] block = packed.toByteArray();
            packed.reset();
            return block.length == 0 ? null : ByteBuffer.wrap(block);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public void close() {
        LogEntries open = current;
        if (open != null) {
            open.close();
        }
        files.forEach(LogEntries::close);
    }

    /// Packs one block more: of a file, the head of the next one, or the end.
    private void advance() throws IOException {
        LogEntries open = current;
        if (open == null) {
            begin();
            return;
        }
        ByteBuffer piece = open.next();
        if (piece != null) {
            gzip.write(piece.array(), piece.arrayOffset() + piece.position(), piece.remaining());
            return;
        }
        gzip.write(new byte[(int) (-open.length() & (RECORD - 1))]);
        open.close();
        current = null;
    }

    private void begin() throws IOException {
        LogEntries next = files.poll();
        if (next == null) {
            gzip.write(new byte[2 * RECORD]);
            gzip.finish();
            ended = true;
            return;
        }
        current = next;
        gzip.write(head(names.remove(), next.length()));
    }

    /// A ustar header of a plain file.
    private byte[] head(String name, long length) {
        byte[] head = new byte[RECORD];
        put(head, 0, name);
        put(head, 100, "0000644");
        put(head, 108, "0000000");
        put(head, 116, "0000000");
        put(head, 124, String.format(Locale.ROOT, "%011o", length));
        put(head, 136, String.format(Locale.ROOT, "%011o", modifiedSeconds));
        put(head, 148, "        ");
        head[156] = '0';
        put(head, 257, "ustar");
        put(head, 263, "00");
        int sum = 0;
        for (byte b : head) {
            sum += b;
        }
        put(head, 148, String.format(Locale.ROOT, "%06o", sum));
        head[154] = 0;
        return head;
    }

    private static void put(byte[] head, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, head, at, bytes.length);
    }

    private static StoreException failed(IOException e) {
        return new StoreException(ErrorCode.INTERNAL, "cannot pack a log: " + e.getMessage(), e);
    }
}
