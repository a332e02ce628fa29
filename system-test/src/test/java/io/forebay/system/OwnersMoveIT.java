package io.forebay.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.app.GivenKeys;
import io.forebay.protocol.api.NodeOrder;
import io.forebay.protocol.api.VolumeOrder;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.api.control.NodeStatus;
import io.forebay.protocol.api.control.NodeStatuses;
import io.forebay.system.server.Cluster;
import io.forebay.system.server.RawHttp;
import io.forebay.system.server.RawHttp.Answer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A cluster whose storage nodes join, rest, leave and die, while clients of both faces read, write, remove
/// and list.
@Timeout(300)
final class OwnersMoveIT {
    private static final String JSON = "Content-Type: application/json\r\n";
    private static final Map<String, String> SETTINGS = Map.of(
            "server.storage-nodes", "1",
            "gateway.supervisor.lease", "3s",
            "gateway.supervisor.down-after", "1s",
            "gateway.route-patience", "30s",
            "cluster.heartbeat", "300ms",
            "storage.rebalance.retry", "200ms");

    @TempDir
    private Path folder;

    @SuppressWarnings("NullAway.Init") // Each test opens it first.
    private Cluster cluster;

    @AfterEach
    void close() {
        cluster.close();
    }

    /// Starts a cluster of three storage nodes, and returns the addresses of the two that joined.
    private List<URI> open() {
        cluster = Cluster.start(folder.resolve("first"), SETTINGS, GivenKeys.NONE);
        return List.of(join("second"), join("third"));
    }

    private URI join(String name) {
        return cluster.join(folder.resolve(name));
    }

    @Test
    void everythingIsThereAndListedWhileNodesJoinRestAndLeave() {
        List<URI> joined = open();
        Traffic traffic = new Traffic(cluster.url(), 1);
        traffic.fill();
        String upload = traffic.beginUpload();
        String page = traffic.firstPage();
        List<CompletableFuture<Void>> clients = traffic.start();
        try {
            URI fourth = join("fourth");
            awaitSettled(4);
            order("decommission", joined.getFirst());
            await("the second node has left", statuses -> find(statuses, joined.getFirst()) == null);
            awaitSettled(3);
            order("maintenance-on", joined.getLast());
            awaitSettled(2);
            order("maintenance-off", joined.getLast());
            awaitSettled(3);
            order("decommission", fourth);
            await("the fourth node has left", statuses -> find(statuses, fourth) == null);
        } finally {
            traffic.end();
        }
        clients.forEach(CompletableFuture::join);
        traffic.assertRestOfPages(page);
        traffic.assertAllThere();
        traffic.finishUpload(upload);
    }

    @Test
    void wipedNodeCostsNothingWhereObjectsHaveTwoCopies() throws IOException {
        List<URI> joined = open();
        URI lost = joined.getLast();
        Traffic traffic = new Traffic(cluster.url(), 2);
        traffic.fill();
        String page = traffic.firstPage();
        List<CompletableFuture<Void>> clients = traffic.start();
        try {
            cluster.stop(lost);
            wipe(folder.resolve("third"));
            await("the dead node owns nothing", statuses -> "OFFLINE".equals(phase(statuses, lost)));
            awaitSettled(2);
            order("remove", lost);
            join("new");
            awaitSettled(3);
        } finally {
            traffic.end();
        }
        clients.forEach(CompletableFuture::join);
        traffic.assertRestOfPages(page);
        traffic.assertAllThere();
    }

    @Test
    void lostDiskCostsNothingWhereObjectsHaveTwoCopies() throws IOException {
        cluster = Cluster.start(folder.resolve("first"), SETTINGS, GivenKeys.NONE);
        join("second");
        Path disk = folder.resolve("disk2");
        Map<String, String> disks = Map.of("server.volumes", folder.resolve("disk1") + "," + disk);
        URI third = cluster.join(folder.resolve("third"), disks);
        Traffic traffic = new Traffic(cluster.url(), 2);
        traffic.fill();
        List<CompletableFuture<Void>> clients = traffic.start();
        try {
            assertThat(removeVolume(third, disk).text()).contains("owns objects of which others have copies");
            cluster.stop(third);
            wipe(disk);
            URI again = cluster.join(folder.resolve("third"), disks);
            await("the node that lacks a disk owns nothing", statuses -> {
                NodeStatus status = find(statuses, again);
                return status != null
                        && status.phase().equals("OFFLINE")
                        && status.space().failedVolumes() == 1;
            });
            awaitSettled(2);
            assertThat(removeVolume(again, disk).status()).isEqualTo(200);
            awaitSettled(3);
        } finally {
            traffic.end();
        }
        clients.forEach(CompletableFuture::join);
        traffic.assertAllThere();
    }

    @Test
    void lastOwnerMayNotRestOrLeave() {
        List<URI> joined = open();
        new Traffic(cluster.url(), 1).fill();
        order("maintenance-on", joined.getFirst());
        awaitSettled(2);
        order("decommission", joined.getLast());
        await("the third node has left", statuses -> find(statuses, joined.getLast()) == null);
        for (String action : List.of("maintenance-on", "decommission")) {
            Answer refused = tell(action, cluster.url());
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.text()).contains("is the last storage node that owns objects");
        }
    }

    private static void wipe(Path data) throws IOException {
        try (Stream<Path> all = Files.walk(data)) {
            for (Path path : all.sorted((left, right) -> right.compareTo(left)).toList()) {
                Files.delete(path);
            }
        }
    }

    private void order(String action, URI node) {
        Answer answer = tell(action, node);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    private Answer removeVolume(URI node, Path volume) {
        VolumeOrder order = new VolumeOrder("remove", volume.toString(), id(node), true, false);
        try (RawHttp control = new RawHttp(cluster.controlUrl())) {
            return control.send("POST", "/admin/volumes", JSON, WireJson.write(order));
        }
    }

    private String id(URI node) {
        NodeStatus status = find(statuses(), node);
        assertThat(status).as("node at %s", node).isNotNull();
        return status == null ? "" : status.id();
    }

    private Answer tell(String action, URI node) {
        String id = id(node);
        try (RawHttp control = new RawHttp(cluster.controlUrl())) {
            return control.send("POST", "/admin/cluster", JSON, WireJson.write(new NodeOrder(action, id, false)));
        }
    }

    private NodeStatuses statuses() {
        try (RawHttp control = new RawHttp(cluster.controlUrl())) {
            return WireJson.read(control.send("GET", "/admin/cluster").body(), NodeStatuses.class);
        }
    }

    private static @Nullable NodeStatus find(NodeStatuses statuses, URI node) {
        List<NodeStatus> found = new ArrayList<>();
        for (NodeStatus status : statuses.nodes()) {
            if (status.role().equals("STORAGE") && status.dataUrl().equals(node.toString())) {
                found.add(status);
            }
        }
        return found.isEmpty() ? null : found.getFirst();
    }

    private static String phase(NodeStatuses statuses, URI node) {
        NodeStatus status = find(statuses, node);
        return status == null ? "" : status.phase();
    }

    private void awaitSettled(int owners) {
        await("settled with " + owners + " owners", Settling.with(owners));
    }

    private void await(String what, Predicate<NodeStatuses> condition) {
        for (NodeStatuses now = statuses(); !condition.test(now); now = statuses()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("did not happen: " + what + "; " + now);
            }
            LockSupport.parkNanos(50_000_000);
        }
    }
}
