package io.forebay.protocol.http.netty.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Random heads and chunks, whole and in random pieces, good and damaged: run again with `-Dseed= -Diterations=`.
class CodecFuzzTest {
    private static final String[] NAMES = {"Host", "X-A", "Content-Length", "Transfer-Encoding", "Expect", "Connection"
    };
    private static final String[] VALUES = {"t", "", "5", "chunked", "100-continue", "close", "a b", "\u00e9\t!", "0"};
    private static final String ODD = "\r\n\0 :;,\t\u007f\u00ff/GET0123chunked";

    private final long seed = Long.getLong("seed", 7);
    private final int iterations = Integer.getInteger("iterations", 20_000);
    private final FieldReader fields = new FieldReader();
    private final RequestParser parser = new RequestParser(fields);

    @Test
    void headsAreReadTheSameInPiecesAndDamageIsRefusedAndNothingElse() {
        Random random = new Random(seed);
        int good = 0;
        for (int iteration = 0; iteration < iterations; iteration++) {
            byte[] head = head(random);
            String whole = read(head, head.length);
            assertThat(read(head, 1 + random.nextInt(20))).as(text(head)).isEqualTo(whole);
            good += whole.startsWith("refused") ? 0 : 1;
        }
        assertThat(good).as("seed " + seed).isBetween(iterations / 20, iterations - iterations / 20);
    }

    @Test
    void chunksComeOutAsTheyWentIn() {
        Random random = new Random(seed);
        for (int iteration = 0; iteration < iterations / 10; iteration++) {
            byte[] content = new byte[random.nextInt(2000)];
            random.nextBytes(content);
            byte[] after = "GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII);
            byte[] framed = chunked(content, random, after);
            ChunkDecoder decoder = new ChunkDecoder();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            int from = 0;
            while (!decoder.ended()) {
                int to = Math.min(framed.length, from + 1 + random.nextInt(300));
                ByteBuf piece = Unpooled.directBuffer().writeBytes(framed, from, to - from);
                int end = decoder.decode(piece);
                byte[] decoded = new byte[end - piece.readerIndex()];
                piece.getBytes(piece.readerIndex(), decoded);
                out.writeBytes(decoded);
                from += decoder.next();
                piece.release();
            }
            assertThat(out.toByteArray()).as("seed " + seed + ", " + iteration).isEqualTo(content);
            assertThat(framed.length - from).isEqualTo(after.length);
        }
    }

    @Test
    void damagedChunksAreRefusedOrUnfinishedAndNeverLonger() {
        Random random = new Random(seed);
        for (int iteration = 0; iteration < iterations; iteration++) {
            byte[] framed = chunked(new byte[random.nextInt(40)], random, new byte[0]);
            damage(framed, random);
            ByteBuf in = Unpooled.directBuffer().writeBytes(framed);
            try {
                ChunkDecoder decoder = new ChunkDecoder();
                int end = decoder.decode(in);
                assertThat(end).isLessThanOrEqualTo(decoder.next());
            } catch (Refusal e) {
                assertThat(e.status()).isIn(400, 431);
            } finally {
                in.release();
            }
        }
    }

    @Test
    void textsOfTheTableAreTheBytesText() {
        Random random = new Random(seed);
        TextCache cache = new TextCache();
        byte[][] texts = new byte[700][];
        for (int index = 0; index < texts.length; index++) {
            texts[index] = new byte[random.nextInt(300) + TextCache.SLACK];
            random.nextBytes(texts[index]);
            if (index % 3 == 0) {
                Arrays.fill(texts[index], (byte) 'a');
            }
        }
        for (int round = 0; round < iterations; round++) {
            byte[] bytes = texts[random.nextInt(texts.length)];
            int to = bytes.length - TextCache.SLACK;
            String expected = new String(bytes, 0, to, StandardCharsets.ISO_8859_1);
            assertThat(cache.text(bytes, 0, to)).isEqualTo(expected);
        }
    }

    /// What the head says, or why it was refused; the status of a refusal may depend on how the bytes arrive.
    private String read(byte[] head, int pieceBytes) {
        HeadScanner scanner = new HeadScanner(4096, 1024);
        ByteBuf in = Unpooled.directBuffer();
        try {
            for (int from = 0; from < head.length; from += pieceBytes) {
                in.writeBytes(head, from, Math.min(pieceBytes, head.length - from));
                String said = tryRead(scanner, in);
                if (said != null) {
                    return said;
                }
            }
            return "unfinished";
        } catch (Refusal e) {
            return "refused";
        } finally {
            in.release();
        }
    }

    private @Nullable String tryRead(HeadScanner scanner, ByteBuf in) {
        int length = scanner.begin(in) ? scanner.find(in) : -1;
        if (length < 0) {
            return null;
        }
        RequestHead head = parser.parse(in, length, scanner.headerLines(), 1024);
        return head.request().method() + " " + head.request().target() + "\n"
                + head.request().headers() + head.contentLength() + head.persistent() + head.expectsContinue();
    }

    private static byte[] head(Random random) {
        StringBuilder head = new StringBuilder("GET /a?b=%20 HTTP/1.").append(random.nextInt(8) == 0 ? 0 : 1);
        head.append("\r\nHost: t\r\n");
        for (int line = random.nextInt(6); line > 0; line--) {
            head.append(NAMES[1 + random.nextInt(NAMES.length - 1)]).append(": ");
            head.append(VALUES[random.nextInt(VALUES.length)]).append("\r\n");
        }
        byte[] bytes = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        if (random.nextInt(3) == 0) {
            damage(bytes, random);
        }
        return bytes;
    }

    private static byte[] chunked(byte[] content, Random random, byte[] after) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int from = 0; from < content.length; ) {
            int count = Math.min(content.length - from, 1 + random.nextInt(random.nextBoolean() ? 3 : 400));
            String extension = random.nextInt(4) == 0 ? ";e=\"v\"" : "";
            out.writeBytes((Integer.toHexString(count) + extension + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(content, from, count);
            out.writeBytes(new byte[] {'\r', '\n'});
            from += count;
        }
        String end = random.nextBoolean() ? "0\r\n\r\n" : "0\r\nX-T: a\r\n\r\n";
        out.writeBytes(end.getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(after);
        return out.toByteArray();
    }

    private static void damage(byte[] bytes, Random random) {
        for (int times = 1 + random.nextInt(2); times > 0; times--) {
            bytes[random.nextInt(bytes.length)] = (byte) ODD.charAt(random.nextInt(ODD.length()));
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
