package io.forebay.protocol.sigv4;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.protocol.http.Body;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The bytes inside a body framed as `aws-chunked`: signatures, trailer and announced length checked on the way.
///
/// Bytes are passed on as they arrive, without a copy; the last of them is withheld until everything was checked, so
/// whoever wants `length()` bytes never has them all of a body that is wrong. A body of length 0 has nothing to
/// withhold: ask it for its next bytes once before relying on it.
///
/// `failure` says what was wrong more exactly than the code of the exception.
public final class ChunkedBody implements Body {
    private enum State {
        HEAD,
        DATA,
        DATA_END,
        TRAILER,
        DONE
    }

    private static final int MAX_LINE_BYTES = 1024;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Body framed;
    private final long length;
    private final int minChunkBytes;
    private final ChunkChecks checks;
    private final FramingLine line = new FramingLine(MAX_LINE_BYTES);
    private ByteBuffer current = NOTHING;
    private State state = State.HEAD;
    private long received;
    private long decoded;
    private long chunkRemaining;
    private long chunkBytes;
    private int chunks;
    private @Nullable ByteBuffer withheld;
    private @Nullable SignatureRefusal failure;

    /// @param framed the body as received; closed with this one
    /// @param decodedLength what `x-amz-decoded-content-length` says
    /// @param form one of the chunked forms
    /// @param seed where the chunk signatures begin, or null when nobody checks them
    /// @param trailer the checksum that `x-amz-trailer` announces, or null
    /// @param minChunkBytes the least size of every chunk but the last
    public ChunkedBody(
            Body framed,
            long decodedLength,
            PayloadForm form,
            @Nullable ChunkSeed seed,
            @Nullable TrailerChecksum trailer,
            int minChunkBytes) {
        this.framed = framed;
        this.length = decodedLength;
        this.minChunkBytes = minChunkBytes;
        this.checks = new ChunkChecks(form, seed, trailer);
    }

    /// What was wrong with the framing, a signature or the trailer; null while nothing is.
    public @Nullable SignatureRefusal failure() {
        return failure;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public boolean touched() {
        return framed.touched();
    }

    @Override
    public @Nullable ByteBuffer next() {
        try {
            return decode();
        } catch (RefusedSignature e) {
            failure = e.refusal();
            throw new StoreException(code(e.refusal().fault()), e.refusal().message(), e);
        }
    }

    @Override
    public void close() {
        framed.close();
    }

    private @Nullable ByteBuffer decode() {
        while (state != State.DONE) {
            if (state != State.DATA) {
                if (!step()) {
                    fetch();
                }
            } else if (!current.hasRemaining()) {
                fetch();
            } else {
                ByteBuffer data = takeData();
                ByteBuffer ready = decoded < length ? data : takeLast(data);
                if (ready.hasRemaining()) {
                    return ready;
                }
            }
        }
        ByteBuffer last = withheld;
        withheld = null;
        return last;
    }

    /// The run of data at the current position.
    private ByteBuffer takeData() {
        int count = (int) Math.min(current.remaining(), chunkRemaining);
        ByteBuffer data = current.slice(current.position(), count);
        current.position(current.position() + count);
        checks.update(data);
        decoded += count;
        chunkRemaining -= count;
        if (chunkRemaining == 0) {
            state = State.DATA_END;
        }
        return data;
    }

    /// Everything that ends the body is looked at first where it is in the same buffer, as in most small bodies;
    /// otherwise one byte is kept back, since the buffer is gone with the next one.
    private ByteBuffer takeLast(ByteBuffer data) {
        while (state != State.DONE) {
            if (!step()) {
                int end = data.limit() - 1;
                withheld = ByteBuffer.allocate(1).put(0, data.get(end));
                return data.limit(end);
            }
        }
        return data;
    }

    private void fetch() {
        ByteBuffer bytes = framed.next();
        if (bytes != null) {
            current = bytes;
            received += bytes.remaining();
        } else if (state == State.TRAILER && line.isEmpty()) {
            finish();
        } else {
            throw incomplete("the body ended inside its framing");
        }
    }

    /// Goes one line further; false when the current buffer ends before the line does.
    private boolean step() {
        if (!line.read(current)) {
            return false;
        }
        String text = line.take();
        switch (state) {
            case HEAD -> beginChunk(text);
            case DATA_END -> endChunk(text);
            case TRAILER -> {
                if (text.isEmpty()) {
                    finish();
                } else {
                    checks.trailerLine(text);
                }
            }
            case DATA, DONE -> throw new IllegalStateException("no line is expected in state " + state);
        }
        return true;
    }

    private void beginChunk(String head) {
        int semicolon = head.indexOf(';');
        long size = hexSize(semicolon < 0 ? head : head.substring(0, semicolon).strip());
        checks.beginChunk(semicolon < 0 ? "" : head.substring(semicolon + 1));
        if (size > length - decoded) {
            throw incomplete("the chunks hold more than the announced " + length + " bytes");
        }
        if (size == 0) {
            if (decoded < length) {
                throw incomplete("the chunks hold " + decoded + " bytes, announced were " + length);
            }
            checks.endChunk();
            state = State.TRAILER;
            return;
        }
        if (chunks > 0 && chunkBytes < minChunkBytes) {
            throw new RefusedSignature(
                    SignatureFault.CHUNK_TOO_SMALL,
                    "Only the last chunk is allowed to have a size less than " + minChunkBytes + " bytes");
        }
        chunks++;
        chunkBytes = size;
        chunkRemaining = size;
        state = State.DATA;
    }

    private void endChunk(String text) {
        if (!text.isEmpty()) {
            throw incomplete("a chunk is longer than its head says");
        }
        checks.endChunk();
        state = State.HEAD;
    }

    private void finish() {
        checks.finish();
        // Where the length of all is known, bytes count that have not come yet.
        if (current.hasRemaining() || framed.length() > received) {
            throw incomplete("bytes follow the end of the chunks");
        }
        state = State.DONE;
    }

    private static long hexSize(String text) {
        if (text.isEmpty() || text.length() > 15) {
            throw incomplete("invalid chunk size \"" + text + "\"");
        }
        long size = 0;
        for (int index = 0; index < text.length(); index++) {
            int digit = Hex.digit(text.charAt(index));
            if (digit < 0) {
                throw incomplete("invalid chunk size \"" + text + "\"");
            }
            size = size << 4 | digit;
        }
        return size;
    }

    static RefusedSignature incomplete(String detail) {
        return new RefusedSignature(
                SignatureFault.BODY_INCOMPLETE, "The request body terminated unexpectedly: " + detail);
    }

    private static ErrorCode code(SignatureFault fault) {
        return switch (fault) {
            case BODY_INCOMPLETE -> ErrorCode.INCOMPLETE_BODY;
            case MISMATCH -> ErrorCode.UNAUTHENTICATED;
            case TRAILER_MISMATCH -> ErrorCode.CHECKSUM_MISMATCH;
            default -> ErrorCode.INVALID_ARGUMENT;
        };
    }
}
