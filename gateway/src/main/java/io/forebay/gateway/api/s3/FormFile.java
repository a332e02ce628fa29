package io.forebay.gateway.api.s3;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.protocol.http.Body;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// The file in a form, as a body: what comes up to the delimiter. Its last bytes are passed on only when the delimiter
/// was seen and the size is one that is allowed, so that a form which breaks off is never complete.
final class FormFile implements Body {
    /// What may follow the file: the end of the form, or fields that nobody reads.
    private static final int MAX_BEHIND_BYTES = 64 << 10;

    private final Body body;
    private final byte[] delimiter;
    private final long minBytes;
    private final long maxBytes;
    private final Deque<ByteBuffer> ready = new ArrayDeque<>(2);
    private @Nullable ByteBuffer begun;
    /// The last bytes that came, which may begin the delimiter.
    private byte[] held = {};

    private long passed;
    private boolean ended;
    private boolean tooSmall;

    FormFile(Body body, PostForm form, long minBytes, long maxBytes) {
        this.body = body;
        this.delimiter = form.delimiter().getBytes(StandardCharsets.ISO_8859_1);
        this.begun = form.begun();
        this.minBytes = minBytes;
        this.maxBytes = maxBytes;
    }

    @Override
    public long length() {
        return -1;
    }

    /// Whether it failed because it has fewer bytes than allowed.
    boolean isTooSmall() {
        return tooSmall;
    }

    @Override
    public @Nullable ByteBuffer next() {
        while (ready.isEmpty()) {
            if (ended) {
                passOverRest();
                return null;
            }
            split(more());
        }
        return ready.poll();
    }

    private ByteBuffer more() {
        ByteBuffer first = begun;
        begun = null;
        ByteBuffer next = first != null ? first : body.next();
        if (next == null) {
            throw new StoreException(ErrorCode.INCOMPLETE_BODY, "the form ends inside its file");
        }
        return next;
    }

    private void split(ByteBuffer next) {
        int found = find(next);
        ended = found >= 0;
        int all = held.length + next.remaining();
        int end = ended ? found : Math.max(0, all - delimiter.length + 1);
        passed += end;
        if (passed > maxBytes) {
            throw new StoreException(
                    ErrorCode.TOO_LARGE, "Your proposed upload exceeds the maximum allowed size of " + maxBytes);
        }
        if (ended && passed < minBytes) {
            tooSmall = true;
            throw new StoreException(
                    ErrorCode.INVALID_ARGUMENT,
                    "Your proposed upload of " + passed + " bytes is smaller than the minimum allowed size of "
                            + minBytes);
        }
        byte[] rest = ended ? new byte[0] : bytes(next, end, all);
        int ofHeld = Math.min(end, held.length);
        if (ofHeld > 0) {
            ready.add(ByteBuffer.wrap(held, 0, ofHeld));
        }
        if (end > held.length) {
            ready.add(next.slice(next.position(), end - held.length));
        }
        held = rest;
    }

    /// Where the delimiter begins, counted from the first byte held; -1 when it is not there.
    private int find(ByteBuffer next) {
        int all = held.length + next.remaining();
        for (int from = 0; from + delimiter.length <= all; from++) {
            int match = 0;
            while (match < delimiter.length && at(next, from + match) == delimiter[match]) {
                match++;
            }
            if (match == delimiter.length) {
                return from;
            }
        }
        return -1;
    }

    private byte at(ByteBuffer next, int index) {
        return index < held.length ? held[index] : next.get(next.position() + index - held.length);
    }

    private byte[] bytes(ByteBuffer next, int from, int to) {
        byte[] bytes = new byte[to - from];
        for (int index = from; index < to; index++) {
            bytes[index - from] = at(next, index);
        }
        return bytes;
    }

    private void passOverRest() {
        int behind = 0;
        for (ByteBuffer more = body.next(); more != null && behind < MAX_BEHIND_BYTES; more = body.next()) {
            behind += more.remaining();
        }
    }

    @Override
    public void close() {
        body.close();
    }
}
