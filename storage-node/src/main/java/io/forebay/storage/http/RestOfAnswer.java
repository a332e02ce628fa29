package io.forebay.storage.http;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import io.forebay.common.io.XxHash64;
import io.forebay.protocol.api.batch.SentBytes;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.PayloadSource;
import io.forebay.protocol.http.Reply;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The rest of an answer of which a client has the beginning from another node. For one thread at a time.
final class RestOfAnswer implements ByteSource {
    private final PayloadSource whole;
    private final long length;
    /// The first bytes behind the beginning, to be given next; or null.
    private @Nullable ByteBuffer first;

    private RestOfAnswer(PayloadSource whole, SentBytes sent) {
        this.whole = whole;
        this.length = whole.length() < 0 ? -1 : Math.max(0, whole.length() - sent.count());
        this.first = pass(sent);
    }

    /// Passes over what was sent. Throws PRECONDITION_FAILED when that is not what this answer begins with, and what
    /// reading it throws; then it is closed. An answer of a failure stays as it is.
    static Reply of(Reply reply, SentBytes sent) {
        if (reply.status() >= 400) {
            return reply;
        }
        PayloadSource whole = new PayloadSource(reply.payload());
        boolean passed = false;
        try {
            Payload rest = new Payload.Stream(new RestOfAnswer(whole, sent));
            passed = true;
            return new Reply(reply.status(), reply.headers(), rest);
        } finally {
            if (!passed) {
                whole.close();
            }
        }
    }

    private @Nullable ByteBuffer pass(SentBytes sent) {
        XxHash64 hash = new XxHash64();
        for (long left = sent.count(); left > 0; ) {
            ByteBuffer bytes = whole.next();
            if (bytes == null) {
                throw different(sent);
            }
            int passed = (int) Math.min(left, bytes.remaining());
            hash.update(bytes.slice(bytes.position(), passed));
            bytes.position(bytes.position() + passed);
            left -= passed;
            if (left == 0) {
                if (!sent.is(hash)) {
                    throw different(sent);
                }
                return bytes.hasRemaining() ? bytes : null;
            }
        }
        return null;
    }

    private static StoreException different(SentBytes sent) {
        return new StoreException(
                ErrorCode.PRECONDITION_FAILED,
                "the answer does not begin with the " + sent.count() + " bytes that were sent of it");
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public @Nullable ByteBuffer next() {
        ByteBuffer bytes = first;
        first = null;
        return bytes != null ? bytes : whole.next();
    }

    @Override
    public void close() {
        whole.close();
    }
}
