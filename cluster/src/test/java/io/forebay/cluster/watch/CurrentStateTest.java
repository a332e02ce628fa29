package io.forebay.cluster.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cluster.state.Applied;
import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Command;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class CurrentStateTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final CurrentState watch = new CurrentState();
    private final CommandLog log = new InMemoryCommandLog(watch);

    @Test
    void versionsOnlyRise() {
        ClusterState first = createBucket("a").state();
        ClusterState second = createBucket("b").state();
        assertThat(watch.current()).isSameAs(second);
        watch.publish(first);
        watch.publish(new ClusterState(
                2,
                "other",
                0,
                second.nodes(),
                second.epochs(),
                second.buckets(),
                second.nextBucketId(),
                second.settings(),
                second.users()));
        assertThat(watch.current()).isSameAs(second);
    }

    @Test
    void refusedCommandsAreVisibleAsVersions() {
        createBucket("a");
        assertThat(createBucket("a"))
                .isInstanceOfSatisfying(
                        Applied.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.ALREADY_EXISTS));
        assertThat(watch.current().version()).isEqualTo(2);
    }

    @Test
    void awaitReturnsAtOnceOrWhenTheVersionArrives() throws Exception {
        assertThat(watch.await(0, Duration.ZERO)).isSameAs(ClusterState.EMPTY);
        FutureTask<ClusterState> waiting = new FutureTask<>(() -> watch.await(2, LONG));
        Thread.ofVirtual().start(waiting);
        createBucket("a");
        createBucket("b");
        assertThat(waiting.get().version()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void awaitOfAVersionThatDoesNotArriveIsStale() {
        assertThatThrownBy(() -> watch.await(7, Duration.ofMillis(5)))
                .isInstanceOfSatisfying(StoreException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.STALE_MAP);
                    assertThat(e.text()).contains("version 7").contains("version 0");
                });
    }

    @Test
    void interruptedAwaitKeepsTheInterrupt() throws Exception {
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> watch.await(7, LONG)).isInstanceOf(StoreException.class);
            return Thread.currentThread().isInterrupted();
        });
        Thread.ofVirtual().start(task);
        assertThat(task.get()).isTrue();
    }

    @Test
    void subscriberSeesTheCurrentStateAndThenRisingVersionsUpToTheNewest() throws Exception {
        createBucket("a");
        BlockingQueue<Long> seen = new LinkedBlockingQueue<>();
        try (StateWatch.Subscription subscription = watch.subscribe(state -> seen.add(state.version()))) {
            assertThat(seen.take()).isEqualTo(1);
            for (int index = 0; index < 200; index++) {
                createBucket("b" + index);
            }
            List<Long> rest = new ArrayList<>(List.of(seen.take()));
            while (rest.getLast() < 201) {
                rest.add(seen.take());
            }
            assertThat(rest).isSorted().doesNotHaveDuplicates();
            assertThat(subscription).isNotNull();
        }
        createBucket("c");
        assertThat(seen).isEmpty();
    }

    @Test
    void failingListenerIsCalledAgain() throws Exception {
        BlockingQueue<Long> seen = new LinkedBlockingQueue<>();
        StateWatch.Subscription subscription = watch.subscribe(state -> {
            seen.add(state.version());
            if (state.version() == 0) {
                throw new IllegalStateException("expected by this test");
            }
        });
        assertThat(seen.take()).isZero();
        createBucket("a");
        assertThat(seen.take()).isEqualTo(1);
        subscription.close();
    }

    @Test
    void closingWaitsForTheCallUnderWayAndAListenerMayCloseItself() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicReference<String> order = new AtomicReference<>("");
        StateWatch.Subscription slow = watch.subscribe(state -> {
            entered.countDown();
            awaitLatch(release);
            order.updateAndGet(text -> text + "call ");
        });
        entered.await();
        Thread closer = Thread.ofVirtual().start(() -> {
            slow.close();
            order.updateAndGet(text -> text + "closed");
        });
        release.countDown();
        closer.join();
        assertThat(order.get()).isEqualTo("call closed");

        BlockingQueue<StateWatch.Subscription> own = new LinkedBlockingQueue<>();
        CountDownLatch closed = new CountDownLatch(1);
        own.add(watch.subscribe(state -> {
            takeFrom(own).close();
            closed.countDown();
        }));
        closed.await();
    }

    private Applied createBucket(String name) {
        return log.submit(new Command.CreateBucket(BucketName.of(name + "-bucket"), 1, Map.of()));
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <T> T takeFrom(BlockingQueue<T> queue) {
        try {
            return queue.take();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
