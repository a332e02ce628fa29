package io.forebay.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.system.server.RawHttp;
import io.forebay.system.server.RawHttp.Answer;
import io.forebay.system.server.ServerProcess;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A bucket's durability, changed while a real server runs, decides whether its writes are synced.
@Timeout(120)
final class DurabilityIT {
    private static final Path LAYOUT = Path.of("..", "app", "target", "forebay", "lib");
    private static final int WRITES = 200;

    @TempDir
    private Path scratch;

    @Test
    void aChangeHoldsFromTheNextWriteOn() {
        try (ServerProcess server = ServerProcess.run(
                LAYOUT,
                scratch,
                Map.of(),
                "--data",
                scratch.resolve("data").toString(),
                "--listen",
                "127.0.0.1:0",
                "--control",
                "127.0.0.1:0")) {
            assertThat(server.isReady()).as(server.errors()).isTrue();
            try (RawHttp http = new RawHttp(server.url());
                    RawHttp control = new RawHttp(server.controlUrl())) {
                assertThat(http.send("PUT", "/bucket").status()).isEqualTo(200);
                assertThat(syncsOfWrites(http, control)).isGreaterThanOrEqualTo(WRITES);
                set(http, "none");
                // What is written in the background is synced from time to time, for many writes at once.
                assertThat(syncsOfWrites(http, control)).isLessThan(WRITES / 2);
                set(http, "strict");
                assertThat(syncsOfWrites(http, control)).isGreaterThanOrEqualTo(WRITES);
                set(http, "group");
                assertThat(syncsOfWrites(http, control)).isGreaterThanOrEqualTo(WRITES);
                Answer refused = change(http, "sometimes");
                assertThat(refused.status()).isEqualTo(400);
                assertThat(refused.text()).contains("forebay.durability");
            }
        }
    }

    /// How many syncs of the log there are while one client writes, one object after the other.
    private static long syncsOfWrites(RawHttp http, RawHttp control) {
        long before = syncs(control);
        for (int index = 0; index < WRITES; index++) {
            assertThat(http.send("PUT", "/bucket/o" + index, "", Content.of(300, index))
                            .status())
                    .isEqualTo(200);
        }
        return syncs(control) - before;
    }

    private static long syncs(RawHttp control) {
        return control.metric("forebay_storage_log_sync_seconds_count");
    }

    private static void set(RawHttp http, String durability) {
        Answer answer = change(http, durability);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    private static Answer change(RawHttp http, String durability) {
        return http.send(
                "PATCH",
                "/v1/buckets/bucket",
                "{\"action\":\"set-bprops\",\"value\":{\"forebay\":{\"durability\":\"" + durability + "\"}}}");
    }
}
