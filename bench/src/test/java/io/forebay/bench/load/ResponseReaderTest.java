package io.forebay.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class ResponseReaderTest {
    private final ResponseReader reader = new ResponseReader();

    @Test
    void responsesEndWhereTheirLengthSays() {
        endsAt("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nEtag: \"a\"\r\n\r\nhello", 200);
    }

    @Test
    void chunkedResponsesEndBehindTheirTrailers() {
        endsAt(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1A\r\n" + "x".repeat(26)
                        + "\r\n0\r\nTrailer: a\r\n\r\n",
                200);
        endsAt("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", 200);
    }

    @Test
    void answersWithoutBodyEndBehindTheirHead() {
        endsAt("HTTP/1.1 204 No Content\r\n\r\n", 204);
        endsAt("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", 404);
    }

    @Test
    void interimResponsesAreNotTheAnswer() {
        endsAt("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", 200);
    }

    @Test
    void answersToHeadHaveNoBodyWhateverTheirLength() {
        reader.begin(true);
        ByteBuffer bytes = bytes("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
        assertThat(reader.take(bytes)).isTrue();
        assertThat(bytes.hasRemaining()).isFalse();
    }

    @Test
    void closingIsSaidByTheServer() {
        reader.begin(false);
        reader.take(bytes("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        assertThat(reader.closes()).isTrue();
    }

    /// Gives the response byte by byte, then whole: both times it ends exactly at its end.
    private void endsAt(String response, int status) {
        reader.begin(false);
        ByteBuffer bytes = ByteBuffer.allocate(1024);
        for (int index = 0; index < response.length(); index++) {
            bytes.put((byte) response.charAt(index)).flip();
            boolean last = index == response.length() - 1;
            assertThat(reader.take(bytes)).as("after byte " + index).isEqualTo(last);
            bytes.compact();
        }
        assertThat(reader.status()).isEqualTo(status);
        reader.begin(false);
        ByteBuffer whole = bytes(response + "HTTP/1.1");
        assertThat(reader.take(whole)).isTrue();
        assertThat(whole.remaining()).isEqualTo("HTTP/1.1".length());
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
