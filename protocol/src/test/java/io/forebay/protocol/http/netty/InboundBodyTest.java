package io.forebay.protocol.http.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

class InboundBodyTest {
    private final AtomicInteger wanted = new AtomicInteger();
    private final Semaphore asked = new Semaphore(0);
    private final LongAdder held = new LongAdder();
    private final BufferBudget budget = new BufferBudget(1000, held, new LongAdder());
    private final InboundBody.Feed feed = new InboundBody.Feed() {
        @Override
        public boolean isOnLoop() {
            return false;
        }

        @Override
        public void wanted(InboundBody body) {
            wanted.incrementAndGet();
            asked.release();
        }

        @Override
        public void closed(InboundBody body) {
            // Nothing is left to stop.
        }
    };

    @Test
    void aBodyThatIsThereIsTakenWithoutAsking() {
        InboundBody body = new InboundBody(feed, budget, 200, 100);
        ByteBuf first = buffer(100);
        body.offer(first);
        body.offer(buffer(100));
        body.end();
        assertThat(body.touched()).isFalse();
        assertThat(body.next()).isNotNull().extracting(ByteBuffer::remaining).isEqualTo(100);
        assertThat(body.next()).isNotNull();
        assertThat(first.refCnt())
                .as("given back when the next one was asked for")
                .isZero();
        assertThat(body.next()).isNull();
        assertThat(body.next()).isNull();
        assertThat(wanted).hasValue(0);
        assertThat(body.touched()).isTrue();
        assertThat(held.sum()).isZero();
    }

    @Test
    void theWindowStopsTheLoopAndTheTakerStartsItAgain() {
        InboundBody body = new InboundBody(feed, budget, -1, 150);
        assertThat(body.wantsMore()).as("nobody has asked").isFalse();
        assertThat(body.offer(buffer(100))).isTrue();
        assertThat(body.offer(buffer(100))).isFalse();
        assertThat(body.next()).isNotNull();
        assertThat(wanted).hasPositiveValue();
        assertThat(body.wantsMore()).isTrue();
        body.close();
        assertThat(held.sum()).isZero();
    }

    @Test
    void aSpentBudgetLeavesEachBodyOneBuffer() {
        InboundBody other = new InboundBody(feed, budget, -1, 10_000);
        other.offer(buffer(1000));
        InboundBody body = new InboundBody(feed, budget, -1, 10_000);
        assertThat(body.offer(buffer(100))).isFalse();
        assertThat(body.next()).isNotNull();
        assertThat(body.wantsMore()).isTrue();
        body.close();
        other.close();
        assertThat(held.sum()).isZero();
    }

    @Test
    void aFailureComesAfterWhatWasReceived() {
        InboundBody body = new InboundBody(feed, budget, 200, 100);
        body.offer(buffer(100));
        body.fail(new StoreException(ErrorCode.INCOMPLETE_BODY, "gone"));
        assertThat(body.next()).isNotNull();
        assertThatThrownBy(body::next).isInstanceOf(StoreException.class).hasMessage("gone");
        ByteBuf late = buffer(1);
        body.offer(late);
        assertThat(late.refCnt()).isZero();
        body.close();
    }

    @Test
    void aClosedBodyGivesEverythingBack() {
        InboundBody body = new InboundBody(feed, budget, 200, 100);
        ByteBuf taken = buffer(100);
        ByteBuf waiting = buffer(50);
        body.offer(taken);
        body.offer(waiting);
        assertThat(body.next()).isNotNull();
        body.close();
        body.close();
        assertThat(taken.refCnt()).isZero();
        assertThat(waiting.refCnt()).isZero();
        assertThatThrownBy(body::next).isInstanceOf(StoreException.class);
    }

    @Test
    void everyByteArrivesInOrderAcrossThreads() throws InterruptedException {
        InboundBody body = new InboundBody(feed, budget, -1, 200);
        int count = 20_000;
        Thread loop = Thread.ofPlatform().start(() -> {
            int sent = 0;
            while (sent < count) {
                asked.acquireUninterruptibly();
                while (sent < count && body.wantsMore()) {
                    body.offer(Unpooled.directBuffer(40).writeInt(sent++));
                }
            }
            body.end();
        });
        int taken = 0;
        for (ByteBuffer next = body.next(); next != null; next = body.next()) {
            assertThat(next.getInt()).isEqualTo(taken++);
        }
        assertThat(taken).isEqualTo(count);
        loop.join();
        assertThat(held.sum()).isZero();
    }

    private static ByteBuf buffer(int bytes) {
        return Unpooled.directBuffer(bytes, bytes).writeZero(bytes);
    }
}
