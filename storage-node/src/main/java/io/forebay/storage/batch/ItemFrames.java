package io.forebay.storage.batch;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.BufferCopy;
import io.forebay.common.io.FillingSource;
import io.forebay.protocol.http.PayloadSource;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Items one after the other for another node that makes a batch: each behind a head of its length and
/// identity, or of why it cannot be read, which ends no more than itself. An item that breaks off ends them
/// all. For one thread at a time.
public final class ItemFrames implements FillingSource {
    private static final int PIECE_BYTES = 64 << 10;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Iterator<BatchItem> items;
    private final ItemReader reader;
    private ByteBuffer head = NOTHING;
    private @Nullable PayloadSource current;
    private @Nullable ByteBuffer piece;

    public ItemFrames(List<BatchItem> items, ItemReader reader) {
        this.items = items.iterator();
        this.reader = reader;
    }

    /// What is in front of an item: eight bytes of its length, or -1 for a failure, four bytes of the length
    /// of the text, and that: its identity, or code and words of the failure.
    record Head(long length, String text) {
        private static final int FIXED_BYTES = Long.BYTES + Integer.BYTES;
        private static final int MAX_TEXT_BYTES = 1 << 20;

        static Head of(StoreException failure) {
            return new Head(-1, failure.code() + " " + failure.text());
        }

        /// Throws what taking bytes throws, and INCOMPLETE_BODY for what is no head.
        static Head read(IntFunction<byte[]> bytes) {
            ByteBuffer fixed = ByteBuffer.wrap(bytes.apply(FIXED_BYTES));
            long length = fixed.getLong();
            int textBytes = fixed.getInt();
            if (length < -1 || textBytes < 0 || textBytes > MAX_TEXT_BYTES) {
                throw new StoreException(ErrorCode.INCOMPLETE_BODY, "an item of another node has no head");
            }
            return new Head(length, new String(bytes.apply(textBytes), StandardCharsets.UTF_8));
        }

        ByteBuffer bytes() {
            byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
            return ByteBuffer.allocate(FIXED_BYTES + encoded.length)
                    .putLong(length)
                    .putInt(encoded.length)
                    .put(encoded)
                    .flip();
        }

        /// Why there is no item; null when there is one.
        @Nullable
        StoreException failure() {
            if (length >= 0) {
                return null;
            }
            int end = Math.max(0, text.indexOf(' '));
            ErrorCode code = ErrorCode.find(text.substring(0, end));
            return code == null
                    ? new StoreException(ErrorCode.INTERNAL, "another node failed with: " + text)
                    : new StoreException(code, text.substring(end + 1));
        }
    }

    @Override
    public long length() {
        return -1;
    }

    @Override
    public @Nullable ByteBuffer next() {
        ByteBuffer bytes = piece == null ? ByteBuffer.allocateDirect(PIECE_BYTES) : piece.clear();
        piece = bytes;
        return fill(bytes) ? bytes.flip() : null;
    }

    @Override
    public boolean fill(ByteBuffer target) {
        int from = target.position();
        while (target.hasRemaining() && (head.hasRemaining() || current != null || items.hasNext())) {
            if (head.hasRemaining()) {
                BufferCopy.fit(head, target);
            } else if (current == null) {
                begin(items.next());
            } else if (!current.fill(target)) {
                current.close();
                current = null;
            }
        }
        return target.position() > from;
    }

    private void begin(BatchItem item) {
        try {
            ItemReader.Opened opened = reader.open(item);
            current = new PayloadSource(opened.payload());
            head = new Head(opened.payload().length(), opened.identity()).bytes();
        } catch (StoreException e) {
            head = Head.of(e).bytes();
        }
    }

    @Override
    public void close() {
        if (current != null) {
            current.close();
            current = null;
        }
    }
}
