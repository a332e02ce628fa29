package io.forebay.protocol.sigv4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.Checksummers;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Request;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ChunkedBodyTest {
    private static final String CRC32 = "x-amz-checksum-crc32";
    private static final SigV4Signer SIGNER = new SigV4Signer(
            new Credentials("key", "secret"), "us-east-1", InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z")));

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 64, 10_000})
    void bytesComeOutWhateverTheBuffers(int pieceBytes) {
        String data = "0123456789".repeat(3);
        String framed =
                "a\r\n0123456789\r\n14\r\n01234567890123456789\r\n0\r\n" + CRC32 + ":" + crc32(data) + "\r\n\r\n";
        ChunkedBody body = unsigned(framed, data.length(), pieceBytes);
        assertThat(body.length()).isEqualTo(30);
        assertThat(new String(Pieces.readAll(body), StandardCharsets.ISO_8859_1))
                .isEqualTo(data);
        assertThat(body.failure()).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 64, 10_000})
    void lastByteIsWithheldOfABodyWithAWrongTrailer(int pieceBytes) {
        String framed = "a\r\n0123456789\r\n0\r\n" + CRC32 + ":" + crc32("other") + "\r\n\r\n";
        ChunkedBody body = unsigned(framed, 10, pieceBytes);
        int[] passed = {0};
        assertThatThrownBy(() -> {
                    for (ByteBuffer next = body.next(); next != null; next = body.next()) {
                        passed[0] += next.remaining();
                    }
                })
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CHECKSUM_MISMATCH));
        assertThat(passed[0]).isLessThan(10);
        assertThat(fault(body)).isEqualTo(SignatureFault.TRAILER_MISMATCH);
    }

    @Test
    void emptyBodyIsCheckedWhenAsked() {
        ChunkedBody good = unsigned("0\r\n" + CRC32 + ":" + crc32("") + "\r\n\r\n", 0, 8);
        assertThat(good.next()).isNull();
        ChunkedBody bad = unsigned("0\r\n" + CRC32 + ":" + crc32("x") + "\r\n\r\n", 0, 8);
        assertThatThrownBy(bad::next).isInstanceOf(StoreException.class);
    }

    @Test
    void lineEndAfterTheTrailerMayBeMissing() {
        String framed = "3\r\nabc\r\n0\r\n" + CRC32 + ":" + crc32("abc") + "\r\n";
        assertThat(Pieces.readAll(unsigned(framed, 3, 5))).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3\\r\\nabc\\r\\n0\\r\\n\\r\\n                               | TRAILER_MALFORMED",
                "3\\r\\nabc\\r\\n0\\r\\nx-amz-checksum-crc32c:AAAAAA==\\r\\n\\r\\n | TRAILER_MALFORMED",
                "3\\r\\nabc\\r\\n0\\r\\nx-amz-checksum-crc32\\r\\n\\r\\n      | TRAILER_MALFORMED",
                "3\\r\\nabc\\r\\n0\\r\\nx-amz-checksum-crc32:***\\r\\n\\r\\n  | TRAILER_INVALID",
                "3\\r\\nabc\\r\\n0\\r\\nx-amz-checksum-crc32:AAA=\\r\\n\\r\\n | TRAILER_INVALID",
                "3\\r\\nabc\\r\\n0\\r\\nx-amz-checksum-crc32:AAAAAA==\\r\\n\\r\\n | TRAILER_MISMATCH",
                "3\\r\\nabc\\r\\n                                             | BODY_INCOMPLETE",
                "3\\r\\nab                                                    | BODY_INCOMPLETE",
                "3\\r\\nabcd\\r\\n0\\r\\n\\r\\n                               | BODY_INCOMPLETE",
                "4\\r\\nabcd\\r\\n0\\r\\n\\r\\n                               | BODY_INCOMPLETE",
                "2\\r\\nab\\r\\n0\\r\\n\\r\\n                                 | BODY_INCOMPLETE",
                "g\\r\\nabc\\r\\n0\\r\\n\\r\\n                                | BODY_INCOMPLETE",
                "-3\\r\\nabc\\r\\n0\\r\\n\\r\\n                               | BODY_INCOMPLETE",
                "\\r\\nabc\\r\\n0\\r\\n\\r\\n                                 | BODY_INCOMPLETE",
                "ffffffffffffffff\\r\\nabc                                   | BODY_INCOMPLETE",
                "7fffffffffffffff\\r\\nabc                                   | BODY_INCOMPLETE",
                "3\\rabc\\r\\n0\\r\\n\\r\\n                                   | BODY_INCOMPLETE",
                "1\\r\\na\\r\\n2\\r\\nbc\\r\\n0\\r\\n\\r\\n                    | CHUNK_TOO_SMALL",
            })
    void brokenFramingIsRefused(String escaped, SignatureFault fault) {
        String framed = escaped.strip().replace("\\r", "\r").replace("\\n", "\n");
        for (int pieceBytes : new int[] {1, 4, 1000}) {
            ChunkedBody body = new ChunkedBody(
                    Pieces.of(framed, pieceBytes), 3, PayloadForm.UNSIGNED_CHUNKS_AND_TRAILER, null, trailer(), 2);
            assertThatThrownBy(() -> Pieces.readAll(body)).isInstanceOf(StoreException.class);
            assertThat(fault(body)).isEqualTo(fault);
        }
    }

    @Test
    void endlessLineIsRefused() {
        ChunkedBody body = unsigned("1;" + "x".repeat(5000) + "\r\na\r\n0\r\n\r\n", 1, 100);
        assertThatThrownBy(body::next).isInstanceOf(StoreException.class);
        assertThat(fault(body)).isEqualTo(SignatureFault.BODY_INCOMPLETE);
    }

    @Test
    void bytesBehindTheEndAreRefused() {
        ChunkedBody body = unsigned("1\r\na\r\n0\r\n" + CRC32 + ":" + crc32("a") + "\r\n\r\nmore", 1, 1000);
        assertThatThrownBy(body::next).isInstanceOf(StoreException.class);
    }

    @Test
    void signedChunksAndTrailerAreAcceptedAndEveryFlippedByteNoticed() {
        ChunkSeed seed = seed();
        String first = "x".repeat(20);
        String second = "y".repeat(5);
        String signature1 = seed.chunk(seed.signature(), Digests.sha256Hex(first));
        String signature2 = seed.chunk(signature1, Digests.sha256Hex(second));
        String signature3 = seed.chunk(signature2, ChunkSeed.EMPTY_SHA256);
        String trailerLine = CRC32 + ":" + crc32(first + second);
        String framed = "14;chunk-signature=" + signature1 + "\r\n" + first + "\r\n5;chunk-signature=" + signature2
                + "\r\n" + second + "\r\n0;chunk-signature=" + signature3 + "\r\n" + trailerLine
                + "\r\nx-amz-trailer-signature:" + seed.trailer(signature3, Digests.sha256Hex(trailerLine + "\n"))
                + "\r\n\r\n";
        for (int pieceBytes : new int[] {1, 13, 1000}) {
            assertThat(Pieces.readAll(signed(framed, 25, seed, pieceBytes))).hasSize(25);
        }
        Random random = new Random(42);
        int checked = framed.length() - "\r\n\r\n".length();
        for (int index = 0; index < checked; index++) {
            StringBuilder changed = new StringBuilder(framed);
            changed.setCharAt(index, (char) (framed.charAt(index) ^ (1 << random.nextInt(7))));
            String text = changed.toString();
            if (text.equalsIgnoreCase(framed)) {
                continue;
            }
            assertThatThrownBy(() -> Pieces.readAll(signed(text, 25, seed, 1000)), "byte %s of %s", index, text)
                    .isInstanceOf(StoreException.class);
        }
    }

    @Test
    void chunkSignaturesOnlyFrameTheBodyWhenNobodyChecksThem() {
        String framed = "3;chunk-signature=0000\r\nabc\r\n0;chunk-signature=0000\r\n\r\n";
        ChunkedBody body = new ChunkedBody(Pieces.of(framed, 10), 3, PayloadForm.SIGNED_CHUNKS, null, null, 8192);
        assertThat(Pieces.readAll(body)).hasSize(3);
    }

    @Test
    void missingChunkSignatureIsRefused() {
        ChunkedBody body = new ChunkedBody(
                Pieces.of("3\r\nabc\r\n0\r\n\r\n", 10), 3, PayloadForm.SIGNED_CHUNKS, seed(), null, 8192);
        assertThatThrownBy(() -> Pieces.readAll(body)).isInstanceOf(StoreException.class);
        assertThat(fault(body)).isEqualTo(SignatureFault.BODY_INCOMPLETE);
    }

    private static ChunkSeed seed() {
        Request request = new Request(Method.PUT, "/b/k", new Headers().add("Host", "localhost"));
        return SIGNER.sign(request, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER");
    }

    private static ChunkedBody signed(String framed, long length, ChunkSeed seed, int pieceBytes) {
        return new ChunkedBody(
                Pieces.of(framed, pieceBytes), length, PayloadForm.SIGNED_CHUNKS_AND_TRAILER, seed, trailer(), 2);
    }

    private static ChunkedBody unsigned(String framed, long length, int pieceBytes) {
        return new ChunkedBody(
                Pieces.of(framed, pieceBytes), length, PayloadForm.UNSIGNED_CHUNKS_AND_TRAILER, null, trailer(), 2);
    }

    private static TrailerChecksum trailer() {
        return new TrailerChecksum(CRC32, ChecksumType.CRC32, Checksummers.of(ChecksumType.CRC32));
    }

    private static @Nullable SignatureFault fault(ChunkedBody body) {
        SignatureRefusal failure = body.failure();
        return failure == null ? null : failure.fault();
    }

    private static String crc32(String latin1) {
        Checksum checksum =
                Checksummers.of(ChecksumType.CRC32, ByteBuffer.wrap(latin1.getBytes(StandardCharsets.ISO_8859_1)));
        return checksum.base64();
    }
}
