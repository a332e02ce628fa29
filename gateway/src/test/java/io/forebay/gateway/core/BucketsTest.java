package io.forebay.gateway.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cluster.placement.Placements;
import io.forebay.cluster.state.Applied;
import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.cluster.watch.CurrentState;
import io.forebay.cluster.watch.InMemoryCommandLog;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import io.forebay.gateway.control.ClusterControl;
import io.forebay.gateway.listing.MergedListing;
import io.forebay.gateway.relay.Relay;
import io.forebay.gateway.routing.Router;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.api.Page;
import io.forebay.protocol.api.PageCodec;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

class BucketsTest {
    private static final BucketName NAME = BucketName.of("b");
    private static final DirectExchange OUTER =
            DirectExchange.of(new Request(Method.DELETE, "/b", new Headers()), Body.empty());

    private final CurrentState state = new CurrentState();
    private final InMemoryCommandLog log = new InMemoryCommandLog(state);
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile Page page = Page.EMPTY;
    private volatile boolean failing;
    private final Buckets buckets;

    BucketsTest() {
        Router router = new Router(state, Duration.ofSeconds(1));
        Relay relay = new Relay(
                router,
                (outer, node, request, body) -> {
                    Bucket bucket = state.current().bucket(NAME);
                    asked.add(node + " sealed=" + (bucket != null && bucket.sealed()) + " at "
                            + request.headers().find(NodeHeaders.STATE_VERSION));
                    if (failing) {
                        throw new StoreException(ErrorCode.NODE_UNAVAILABLE, "node " + node + " is away");
                    }
                    return Reply.of(200, PageCodec.CONTENT_TYPE, PageCodec.encode(page, false))
                            .with(
                                    NodeHeaders.EPOCH,
                                    Placements.of(state.current()).label());
                },
                Duration.ZERO,
                System::nanoTime,
                new LongAdder(),
                new LongAdder());
        Listings listings = new Listings(router, new MergedListing(relay, 1 << 20), new ArchiveMembers(relay, 1 << 20));
        buckets = new Buckets(router, new ClusterControl(log, InstantSource.fixed(Instant.ofEpochMilli(77))), listings);
        for (String id : new String[] {"t1", "t2"}) {
            log.submit(new Command.Join(
                    new Node(new NodeId(id), Node.Role.STORAGE, "http://h:1", "http://h:1", Node.Phase.ACTIVE)));
        }
    }

    @Test
    void createdBucketIsThereWithTheTimeOfItsSubmission() {
        assertThat(buckets.create(NAME, Map.of("access", "3"))).isInstanceOf(Applied.Changed.class);
        assertThat(buckets.require(NAME).createdMillis()).isEqualTo(77);
        assertThat(buckets.require(NAME).properties()).isEqualTo(Map.of("access", "3"));
        assertThat(buckets.create(NAME, Map.of())).isInstanceOf(Applied.Refused.class);
        assertThat(buckets.list()).extracting(Bucket::name).containsExactly(NAME);
    }

    @Test
    void emptyBucketIsRemovedAfterEveryOwnerWasAskedUnderTheSeal() {
        buckets.create(NAME, Map.of());
        buckets.removeIfEmpty(OUTER, NAME);
        assertThat(buckets.find(NAME)).isNull();
        assertThat(asked).containsExactlyInAnyOrder("t1 sealed=true at 4", "t2 sealed=true at 4");
    }

    @Test
    void bucketWithAnObjectStaysAndIsWritableAgain() {
        buckets.create(NAME, Map.of());
        page = new Page(List.of(new Page.Entry("o", false, 1, 0, 0, 0, "", Map.of(), "", Map.of())), false);
        assertThatThrownBy(() -> buckets.removeIfEmpty(OUTER, NAME))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_EMPTY))
                .hasMessage("bucket \"ais://b\" is not empty");
        assertThat(buckets.require(NAME).sealed()).isFalse();
    }

    @Test
    void bucketWhoseOwnersCannotBeAskedStays() {
        buckets.create(NAME, Map.of());
        failing = true;
        assertThatThrownBy(() -> buckets.removeIfEmpty(OUTER, NAME)).hasMessageContaining("is away");
        assertThat(buckets.require(NAME).sealed()).isFalse();
    }

    @Test
    void bucketWithoutOwnersStays() {
        buckets.create(NAME, Map.of());
        for (String id : new String[] {"t1", "t2"}) {
            log.submit(new Command.SetPhase(new NodeId(id), Node.Phase.OFFLINE));
        }
        log.submit(new Command.Activate(state.current().newestEpoch().number()));
        assertThatThrownBy(() -> buckets.removeIfEmpty(OUTER, NAME)).hasMessageContaining("no storage targets");
        assertThat(buckets.require(NAME).sealed()).isFalse();
    }

    @Test
    void missingBucketIsTold() {
        for (Runnable operation : List.<Runnable>of(
                () -> buckets.require(NAME),
                () -> buckets.destroy(NAME),
                () -> buckets.removeIfEmpty(OUTER, NAME),
                () -> buckets.setProperties(NAME, Map.of()),
                () -> buckets.reset(NAME))) {
            assertThatThrownBy(operation::run)
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_SUCH_BUCKET))
                    .hasMessage("bucket \"ais://b\" does not exist");
        }
    }

    @Test
    void propertiesChangeLeafByLeaf() {
        buckets.create(NAME, Map.of("access", "3"));
        assertThat(buckets.setProperties(NAME, Map.of("checksum.type", "md5"))
                        .bucket()
                        .properties())
                .isEqualTo(Map.of("access", "3", "checksum.type", "md5"));
        assertThat(buckets.setProperties(NAME, Map.of("access", "")).bucket().properties())
                .isEqualTo(Map.of("checksum.type", "md5"));
        assertThat(buckets.reset(NAME).bucket().properties()).isEmpty();
    }
}
