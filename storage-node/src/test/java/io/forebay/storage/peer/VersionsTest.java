package io.forebay.storage.peer;

import static io.forebay.storage.peer.ClusterFixture.told;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.rule.LifecycleRule;
import io.forebay.cluster.rule.LifecycleRule.Expiration;
import io.forebay.cluster.rule.LifecycleRule.Noncurrent;
import io.forebay.cluster.rule.LifecycleRules;
import io.forebay.cluster.rule.RuleFilter;
import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import io.forebay.protocol.api.AttributeHeaders;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.NodeFixture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The versions of objects follow their owners, whoever asks for them first.
final class VersionsTest {
    private static final int NAMES = 12;

    @TempDir
    private Path folder;

    @SuppressWarnings("NullAway.Init") // Each test opens one of its own size.
    private ClusterFixture cluster;

    private final List<List<String>> ids = new ArrayList<>();

    @AfterEach
    void close() {
        cluster.close();
    }

    /// Three versions of each object, every second one removed by a marker.
    private void fill(int nodes, int copies, Map<String, String> settings) {
        cluster = ClusterFixture.of(folder, nodes, copies, settings);
        cluster.submit(new Command.SetBucketProperties(
                BucketName.of(ClusterFixture.BUCKET), Map.of(Bucket.VERSIONING, "Enabled")));
        for (int index = 0; index < NAMES; index++) {
            List<String> versions = new ArrayList<>();
            for (int version = 0; version < 3; version++) {
                versions.add(id(send(Method.PUT, name(index), "", content(index, version))));
            }
            if (index % 2 == 1) {
                versions.add(id(send(Method.DELETE, name(index), "", "")));
            }
            ids.add(versions);
        }
    }

    private static String name(int index) {
        return "o" + index;
    }

    private static String content(int index, int version) {
        return index % 3 == 0 ? ("large" + version).repeat(20_000) : "small" + version;
    }

    private static String id(Reply reply) {
        assertThat(reply.status()).isEqualTo(200);
        return AttributeHeaders.readSystem(reply.headers()).getOrDefault("x-amz-version-id", "");
    }

    private Reply send(Method method, String name, String version, String content) {
        Headers headers = new Headers().add("Forebay-Attributes", "1");
        if (!version.isEmpty()) {
            headers.add("Forebay-Version", version);
        }
        Body body = content.isEmpty() ? Body.empty() : MemoryBody.of(NodeFixture.bytes(content));
        return cluster.send(cluster.primary(name), method, name, headers, body);
    }

    private void assertAllThere() {
        for (int index = 0; index < NAMES; index++) {
            for (int version = 0; version < 3; version++) {
                assertThat(told(send(Method.GET, name(index), ids.get(index).get(version), "")))
                        .as("version %s of %s", version, name(index))
                        .isEqualTo("200 " + content(index, version));
            }
            boolean removed = index % 2 == 1;
            Reply current = send(Method.GET, name(index), "", "");
            assertThat(current.status()).isEqualTo(removed ? 404 : 200);
            current.payload().close();
            String newest = id(send(Method.HEAD, name(index), "newest", ""));
            assertThat(newest).isEqualTo(ids.get(index).getLast());
        }
    }

    @Test
    void versionsSurviveTheirPrimary() {
        fill(3, 2, Map.of());
        ClusterFixture.Member lost = cluster.primary(name(0));
        NodeId id = lost.id;
        lost.stop();
        cluster.submit(new Command.SetPhase(id, Node.Phase.OFFLINE));
        cluster.activate();
        assertAllThere();
    }

    @Test
    void aNewOwnerBringsThemWhenItIsAsked() {
        fill(2, 1, Map.of());
        cluster.add("n3");
        cluster.activate();
        for (int index = 0; index < NAMES; index++) {
            // What becomes of the object depends on versions that are elsewhere.
            String newest = ids.get(index).getLast();
            assertThat(send(Method.DELETE, name(index), newest, "").status()).isEqualTo(200);
            boolean removed = index % 2 == 1;
            assertThat(told(send(Method.GET, name(index), "", ""))).isEqualTo("200 " + content(index, removed ? 2 : 1));
        }
    }

    @Test
    void theyMoveWithTheirObjects() {
        fill(2, 2, Map.of("rebalance.retry", "20ms", "rebalance.page", "5", "rebalance.parallel", "4"));
        cluster.add("n3");
        cluster.activate();
        settle();
        assertAllThere();
        cluster.submit(new Command.SetPhase(new NodeId("n1"), Node.Phase.DECOMMISSIONED));
        cluster.activate();
        settle();
        assertAllThere();
    }

    @Test
    void theyEndByRulesWithTheirCopies() {
        fill(3, 2, Map.of("lifecycle.interval", "10ms", "lifecycle.day", "1ms"));
        LifecycleRule rule = new LifecycleRule(
                "r",
                true,
                new RuleFilter(false, "", Map.of(), null, null),
                new Expiration(null, null, true),
                new Noncurrent(1, null),
                null);
        cluster.submit(new Command.SetBucketProperties(
                BucketName.of(ClusterFixture.BUCKET),
                Map.of(LifecycleRules.PROPERTY, new LifecycleRules(List.of(rule)).text())));
        // Of the others nothing is left in the end: three versions, then the marker.
        int all = NAMES / 2 * 2 + NAMES / 2 * 4;
        await(() -> cluster.count("forebay_lifecycle_expired_versions_total") == all);
        assertThat(cluster.count("forebay_lifecycle_failures_total")).isZero();
        ClusterFixture.Member lost = cluster.primary(name(0));
        NodeId id = lost.id;
        lost.stop();
        cluster.submit(new Command.SetPhase(id, Node.Phase.OFFLINE));
        cluster.activate();
        for (int index = 0; index < NAMES; index++) {
            List<String> versions = ids.get(index);
            for (int version = 0; version < versions.size(); version++) {
                boolean stays = index % 2 == 0 && version == 2;
                Reply reply = send(Method.HEAD, name(index), versions.get(version), "");
                assertThat(reply.status())
                        .as("version %s of %s", version, name(index))
                        .isEqualTo(stays ? 200 : 404);
            }
        }
    }

    private void settle() {
        long newest = cluster.state().newestEpoch().number();
        await(() -> cluster.state().newestEpoch().owners().stream()
                .map(cluster::member)
                .allMatch(member -> member.node().progress().epoch() == newest
                        && member.node().progress().done()));
        cluster.submit(new Command.Settle(newest));
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("the owners have not gathered everything");
            }
            LockSupport.parkNanos(2_000_000);
        }
    }
}
