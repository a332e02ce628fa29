package io.forebay.storage.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.rule.LifecycleRule;
import io.forebay.cluster.rule.LifecycleRule.Expiration;
import io.forebay.cluster.rule.LifecycleRules;
import io.forebay.cluster.rule.RuleFilter;
import io.forebay.cluster.state.Command;
import io.forebay.common.model.BucketName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What ends by a lifecycle rule ends once, wherever it is.
final class LifecycleOfCopiesTest {
    private static final Map<String, String> AT_ONCE = Map.of("lifecycle.interval", "10ms", "lifecycle.day", "1ms");

    private static final String EXPIRED = "forebay_lifecycle_expired_total";

    @TempDir
    private Path folder;

    @Test
    void objectsEndWithAllTheirCopies() {
        try (ClusterFixture cluster = ClusterFixture.of(folder, 3, 2, AT_ONCE)) {
            for (int number = 0; number < 30; number++) {
                String name = (number % 2 == 0 ? "ends" : "stays") + number;
                assertThat(cluster.put(cluster.primary(name), name, "x").status())
                        .isEqualTo(200);
            }
            LifecycleRules rules = new LifecycleRules(List.of(new LifecycleRule(
                    "r",
                    true,
                    new RuleFilter(false, "ends", Map.of(), null, null),
                    new Expiration(1, null, false),
                    null,
                    null)));
            cluster.submit(new Command.SetBucketProperties(
                    BucketName.of(ClusterFixture.BUCKET), Map.of(LifecycleRules.PROPERTY, rules.text())));
            while (cluster.count(EXPIRED) < 15) {
                Thread.onSpinWait();
            }
            for (int number = 0; number < 30; number++) {
                String name = (number % 2 == 0 ? "ends" : "stays") + number;
                assertThat(cluster.get(cluster.primary(name), name).status())
                        .as(name)
                        .isEqualTo(number % 2 == 0 ? 404 : 200);
            }
            assertThat(cluster.count("forebay_storage_objects")).as("copies").isEqualTo(30);
            assertThat(cluster.count(EXPIRED)).isEqualTo(15);
            assertThat(cluster.count("forebay_lifecycle_failures_total")).isZero();
        }
    }
}
