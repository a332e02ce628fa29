package io.forebay.protocol.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.Reply;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class NodeReplyTest {
    private static final String MESSAGE = "{\"count\":3}";

    private int closed;

    @Test
    void messageOfASuccessIsReadAndClosed() {
        assertThat(NodeReply.read(reply(200, MESSAGE), MESSAGE.length()))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(MESSAGE);
        assertThat(NodeReply.read(reply(200, MESSAGE), Object.class, MESSAGE.length()))
                .isEqualTo(Map.of("count", 3));
        assertThat(closed).isEqualTo(2);
    }

    @Test
    void failureIsThrownAsTheNodeMeansIt() {
        Reply reply = reply(404, "{\"message\":\"b/o does not exist\"}");
        reply.headers().add(NodeHeaders.ERROR, ErrorCode.NO_SUCH_OBJECT.name());
        assertThatThrownBy(() -> NodeReply.read(reply, Object.class, 1))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_SUCH_OBJECT))
                .hasMessage("b/o does not exist");
        assertThat(closed).isEqualTo(1);
    }

    @Test
    void messageOverTheLimitIsRefusedAndClosed() {
        assertThatThrownBy(() -> NodeReply.read(reply(200, MESSAGE), MESSAGE.length() - 1))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE));
        assertThat(closed).isEqualTo(1);
    }

    private Reply reply(int status, String message) {
        return new Reply(
                status,
                new Headers(),
                new Payload.Stream(new Counted(MemoryBody.of(message.getBytes(StandardCharsets.UTF_8)))));
    }

    private final class Counted implements ByteSource {
        private final ByteSource message;

        Counted(ByteSource message) {
            this.message = message;
        }

        @Override
        public long length() {
            return message.length();
        }

        @Override
        public @Nullable ByteBuffer next() {
            return message.next();
        }

        @Override
        public void close() {
            closed++;
            message.close();
        }
    }
}
