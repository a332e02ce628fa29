package io.forebay.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.system.crash.KillLoop;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What `scripts/kill-loop` does a thousand times.
@Timeout(180)
final class KillLoopIT {
    private static final Path LAYOUT = Path.of("..", "app", "target", "forebay", "lib");

    @TempDir
    private Path scratch;

    @Test
    void killedServerHasAllThatWasAcknowledgedAndNothingElse() {
        KillLoop loop = new KillLoop(new KillLoop.Plan(LAYOUT, scratch, 20, 7, 2, 0));
        boolean passed = loop.run(line -> {});
        assertThat(passed).as(loop.summary()).isTrue();
        assertThat(loop.summary()).contains("20 kills");
    }
}
