package io.forebay.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.watch.CurrentState;
import io.forebay.cluster.watch.InMemoryCommandLog;
import io.forebay.common.model.BucketName;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class InterruptedRemovalsTest {
    private final CurrentState state = new CurrentState();
    private final InMemoryCommandLog log = new InMemoryCommandLog(state);

    @Test
    void sealsOfAnEarlierProcessAreTakenBack() {
        BucketName left = BucketName.of("left");
        BucketName untouched = BucketName.of("untouched");
        log.submit(new Command.CreateBucket(left, 1, Map.of()));
        log.submit(new Command.CreateBucket(untouched, 1, Map.of()));
        log.submit(new Command.SealBucket(left, require(left).id(), true));
        long version = state.current().version();
        new InterruptedRemovals(log, state).takeBack();
        assertThat(require(left).sealed()).isFalse();
        assertThat(state.current().version()).isEqualTo(version + 1);
        new InterruptedRemovals(log, state).takeBack();
        assertThat(state.current().version()).isEqualTo(version + 1);
    }

    private Bucket require(BucketName name) {
        return Objects.requireNonNull(state.current().bucket(name));
    }
}
