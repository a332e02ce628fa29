package io.forebay.protocol.sigv4;

import io.forebay.common.model.Checksum;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What must be right of a chunked body beside its framing: the chain of signatures, and the trailer.
final class ChunkChecks {
    private static final String SIGNATURE_PREFIX = "chunk-signature=";
    private static final String TRAILER_SIGNATURE = "x-amz-trailer-signature";
    private static final int MAX_TRAILER_LINES = 8;

    private final PayloadForm form;
    private final @Nullable ChunkSeed seed;
    private final @Nullable TrailerChecksum trailer;
    private final @Nullable MessageDigest chunkDigest;
    private final StringBuilder trailerText = new StringBuilder();
    private String previous;
    private String chunkSignature = "";
    private int trailerLines;
    private @Nullable String trailerValue;
    private @Nullable String trailerSignature;

    ChunkChecks(PayloadForm form, @Nullable ChunkSeed seed, @Nullable TrailerChecksum trailer) {
        this.form = form;
        this.seed = form.chunksSigned() ? seed : null;
        this.trailer = trailer;
        this.chunkDigest = this.seed == null ? null : Digests.sha256();
        this.previous = seed == null ? "" : seed.signature();
    }

    void update(ByteBuffer data) {
        if (trailer != null) {
            trailer.running().update(data);
        }
        if (chunkDigest != null) {
            chunkDigest.update(data.duplicate());
        }
    }

    /// Takes what follows the size in a chunk's head.
    void beginChunk(String extension) {
        if (seed == null) {
            return;
        }
        if (!extension.startsWith(SIGNATURE_PREFIX) || !Hex.isDigest(extension.substring(SIGNATURE_PREFIX.length()))) {
            throw ChunkedBody.incomplete("a chunk has no signature");
        }
        chunkSignature = extension.substring(SIGNATURE_PREFIX.length());
    }

    void endChunk() {
        if (seed == null || chunkDigest == null) {
            return;
        }
        String expected = seed.chunk(previous, Hex.of(chunkDigest.digest()));
        if (!SigV4Verifier.equalInConstantTime(expected, chunkSignature)) {
            throw new RefusedSignature(
                    SignatureFault.MISMATCH, "The signature of a chunk does not match the one that we calculated.");
        }
        previous = expected;
    }

    /// Takes one line after the last chunk. Some clients end its value with a line feed of its own.
    void trailerLine(String text) {
        int colon = text.indexOf(':');
        if (!form.trailer() || colon <= 0 || ++trailerLines > MAX_TRAILER_LINES) {
            throw malformed("the line \"" + text + "\" is not expected");
        }
        String name = text.substring(0, colon).strip().toLowerCase(Locale.ROOT);
        String value = text.substring(colon + 1).strip();
        if (name.equals(TRAILER_SIGNATURE)) {
            trailerSignature = value;
            return;
        }
        if (trailer == null || !name.equals(trailer.header()) || trailerValue != null) {
            throw malformed("the header " + name + " was not announced");
        }
        trailerValue = value;
        trailerText.append(name).append(':').append(value).append('\n');
    }

    /// Throws when the trailer is not the announced one, or a digest in it is not that of the bytes.
    void finish() {
        if (seed != null && form.trailer() && (trailer != null || trailerSignature != null)) {
            checkTrailerSignature(seed);
        }
        if (trailer == null) {
            return;
        }
        if (trailerValue == null) {
            throw malformed("the announced header " + trailer.header() + " is missing");
        }
        Checksum given = trailer.parse(trailerValue);
        if (given == null) {
            throw new RefusedSignature(
                    SignatureFault.TRAILER_INVALID, "Value for " + trailer.header() + " trailing header is invalid.");
        }
        if (!given.equals(trailer.running().finish())) {
            throw new RefusedSignature(
                    SignatureFault.TRAILER_MISMATCH,
                    "The " + trailer.type() + " you specified did not match the calculated checksum.");
        }
    }

    private void checkTrailerSignature(ChunkSeed chain) {
        if (trailerSignature == null) {
            throw malformed("the header " + TRAILER_SIGNATURE + " is missing");
        }
        String expected = chain.trailer(previous, Digests.sha256Hex(trailerText));
        if (!SigV4Verifier.equalInConstantTime(expected, trailerSignature)) {
            throw new RefusedSignature(
                    SignatureFault.MISMATCH, "The signature of the trailer does not match the one that we calculated.");
        }
    }

    private static RefusedSignature malformed(String detail) {
        return new RefusedSignature(
                SignatureFault.TRAILER_MALFORMED,
                "The request contained trailing data that was not well-formed or did not conform to our published"
                        + " schema: " + detail + ".");
    }
}
