package io.forebay.protocol.sigv4;

import io.forebay.common.error.StoreException;
import io.forebay.common.io.Checksummers;
import io.forebay.common.model.ChecksumType;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Bodies framed as `aws-chunked`: a byte that says how, one for the length announced, then the body. However the
/// bytes arrive, the same comes out of them; and never all that was announced of a body that is wrong.
public final class ChunkedBodyFuzzTarget {
    private static final int MIN_CHUNK_BYTES = 4;
    private static final String CRC32 = "x-amz-checksum-crc32";

    private ChunkedBodyFuzzTarget() {}

    private record Outcome(String bytes, @Nullable SignatureFault fault) {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length < 2) {
            return;
        }
        boolean signed = (input[0] & 1) != 0;
        boolean trailer = (input[0] & 2) != 0;
        int length = input[1] & 0xFF;
        String framed = new String(input, 2, input.length - 2, StandardCharsets.ISO_8859_1);
        Outcome whole = read(framed, Math.max(1, framed.length()), signed, trailer, length);
        Outcome pieces = read(framed, 1, signed, trailer, length);
        if (whole.fault() != pieces.fault()) {
            throw new AssertionError(whole + " at once, " + pieces + " byte by byte");
        }
        boolean complete = whole.bytes().length() == length && pieces.bytes().length() == length;
        if (whole.fault() == null ? !complete || !whole.equals(pieces) : complete && length > 0) {
            throw new AssertionError(length + " bytes were announced: " + whole + ", " + pieces);
        }
    }

    private static Outcome read(String framed, int pieceBytes, boolean signed, boolean trailer, int length) {
        PayloadForm form = form(signed, trailer);
        TrailerChecksum checksum =
                trailer ? new TrailerChecksum(CRC32, ChecksumType.CRC32, Checksummers.of(ChecksumType.CRC32)) : null;
        ChunkedBody body =
                new ChunkedBody(Pieces.of(framed, pieceBytes), length, form, null, checksum, MIN_CHUNK_BYTES);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            for (ByteBuffer next = body.next(); next != null; next = body.next()) {
                byte[] piece = new byte[next.remaining()];
                next.get(piece);
                out.writeBytes(piece);
            }
        } catch (StoreException e) {
            SignatureRefusal failure = body.failure();
            if (failure == null) {
                throw new AssertionError("a failure without words", e);
            }
            return new Outcome(out.toString(StandardCharsets.ISO_8859_1), failure.fault());
        }
        return new Outcome(out.toString(StandardCharsets.ISO_8859_1), null);
    }

    private static PayloadForm form(boolean signed, boolean trailer) {
        if (signed) {
            return trailer ? PayloadForm.SIGNED_CHUNKS_AND_TRAILER : PayloadForm.SIGNED_CHUNKS;
        }
        return PayloadForm.UNSIGNED_CHUNKS_AND_TRAILER;
    }
}
