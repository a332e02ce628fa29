package io.forebay.storage.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.placement.Placements;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.protocol.api.EntriesRequest;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.api.Page;
import io.forebay.protocol.api.PageCodec;
import io.forebay.protocol.api.PageRequest;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.PayloadSource;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import io.forebay.storage.NodeFixture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What real nodes tell of the objects that they have, settled and while owners change.
final class ListingTest {
    private static final PageRequest ALL = new PageRequest("", "", "", 1000, false);

    @TempDir
    private Path folder;

    @SuppressWarnings("NullAway.Init") // Each test opens one of its own size.
    private ClusterFixture cluster;

    @AfterEach
    void close() {
        cluster.close();
    }

    private void open(int nodes, int copies) {
        cluster = ClusterFixture.of(folder, nodes, copies, Map.of());
    }

    private List<Page.Entry> entries(ClusterFixture.Member member, EntriesRequest request) {
        return page(member, "entries", request).entries();
    }

    private Page page(ClusterFixture.Member member, String what, Object request) {
        Reply reply = ask(member, what, MemoryBody.of(WireJson.write(request)));
        assertThat(reply.status()).as(what).isEqualTo(200);
        assertThat(reply.headers().find(NodeHeaders.EPOCH))
                .isEqualTo(Placements.of(cluster.state()).label());
        try (PayloadSource source = new PayloadSource(reply.payload())) {
            return PageCodec.decode(source.readAll(1 << 20));
        }
    }

    private static Reply ask(ClusterFixture.Member member, String what, Body body) {
        Request request = new Request(Method.GET, "/v1/buckets/b?what=" + what, new Headers());
        return member.node().handler().handle(DirectExchange.of(request, body));
    }

    private List<String> put(int count) {
        List<String> names = new ArrayList<>();
        for (int index = 10; index < 10 + count; index++) {
            String name = "o" + index;
            assertThat(cluster.put(cluster.primary(name), name, "x").status()).isEqualTo(200);
            names.add(name);
        }
        return names;
    }

    @Test
    void settledNodesListEachObjectOnceWhereItHasCopies() {
        open(3, 2);
        List<String> names = put(40);
        List<String> listed = new ArrayList<>();
        cluster.members()
                .forEach(member -> page(member, "page", ALL).entries().forEach(entry -> listed.add(entry.name())));
        assertThat(listed).containsExactlyInAnyOrderElementsOf(names);
    }

    @Test
    void whatHasYetToMoveIsToldWithItsStampAndWhatStaysForCertain() {
        open(2, 1);
        String moves = cluster.nameThatWillMove("n1", "n3");
        assertThat(cluster.put(cluster.member("n1"), moves, "x").status()).isEqualTo(200);
        cluster.add("n3");
        String stays = cluster.nameThatMoves("n1", "n1");
        assertThat(cluster.put(cluster.member("n1"), stays, "x").status()).isEqualTo(200);
        cluster.activate();
        assertThat(page(cluster.member("n1"), "holdings", ALL).entries())
                .filteredOn(entry -> entry.name().equals(moves))
                .singleElement()
                .satisfies(entry -> assertThat(entry.epoch()).isPositive());
        assertThat(page(cluster.member("n1"), "holdings", ALL).entries())
                .filteredOn(entry -> entry.name().equals(stays))
                .singleElement()
                .satisfies(entry -> assertThat(entry.epoch()).isZero());
        assertThat(page(cluster.member("n3"), "holdings", ALL).entries()).isEmpty();
    }

    @Test
    void removalByTheNewOwnerIsToldForCertain() {
        open(2, 1);
        String name = cluster.nameThatWillMove("n1", "n3");
        assertThat(cluster.put(cluster.member("n1"), name, "x").status()).isEqualTo(200);
        cluster.add("n3");
        cluster.activate();
        assertThat(cluster.delete(cluster.member("n3"), name).status()).isEqualTo(200);
        assertThat(page(cluster.member("n3"), "holdings", ALL).entries())
                .singleElement()
                .isEqualTo(Page.Entry.removed(name, 0, 0));
        assertThat(page(cluster.member("n1"), "holdings", ALL).entries())
                .singleElement()
                .satisfies(entry -> assertThat(entry.removed()).isFalse());
    }

    /// Whoever had it before the last settled change may have something that was removed since.
    @Test
    void whatASettledEpochGaveToOthersIsNoValueThoughItIsStillThere() {
        open(2, 1);
        String name = cluster.nameThatWillMove("n1", "n3");
        assertThat(cluster.put(cluster.member("n1"), name, "x").status()).isEqualTo(200);
        cluster.add("n3");
        cluster.activate();
        cluster.submit(
                new Command.SealBucket(cluster.bucket().name(), cluster.bucket().id(), true));
        cluster.submit(new Command.Settle(cluster.state().newestEpoch().number()));
        cluster.add("n4");
        cluster.awaitPrepared(cluster.member("n1"));
        assertThat(page(cluster.member("n1"), "holdings", ALL).entries()).isEmpty();
        assertThat(page(cluster.member("n1"), "page", ALL).entries()).isEmpty();
    }

    /// An epoch that is pending may be followed by one that places the key as before: then the primary's value counts,
    /// and a list that told of a removal which only another holder has made would have told too much.
    @Test
    void changeThatOnlyAnotherHolderHasIsNotToldWhileAnEpochIsPending() throws Exception {
        open(3, 2);
        String name = cluster.nameThatWillMove("n1", "n4");
        ClusterFixture.Member primary = cluster.member("n1");
        assertThat(cluster.put(primary, name, "x").status()).isEqualTo(200);
        try (AutoCloseable _ = cluster.links.loseReplies((to, request) -> request.method() == Method.DELETE)) {
            assertThat(cluster.delete(primary, name).status()).isEqualTo(503);
        }
        List<ClusterFixture.Member> owners = cluster.members();
        ClusterFixture.Member joining = cluster.add("n4");
        cluster.awaitPrepared(owners.toArray(ClusterFixture.Member[]::new));
        for (ClusterFixture.Member member : owners) {
            List<Page.Entry> told = page(member, "holdings", ALL).entries();
            if (member.equals(primary)) {
                assertThat(told).singleElement().satisfies(entry -> {
                    assertThat(entry.removed()).isFalse();
                    assertThat(entry.epoch()).isZero();
                });
            } else {
                assertThat(told).isEmpty();
            }
        }
        cluster.submit(new Command.SetPhase(joining.id, Node.Phase.OFFLINE));
        cluster.activate();
        assertThat(cluster.get(primary, name).status()).isEqualTo(200);
    }

    /// A list that tells of what one holder alone has would go back behind itself when that holder is lost.
    @Test
    void entryThatThePrimaryTellsOutlivesTheOnlyHolderThatHadIt() throws Exception {
        open(3, 2);
        String name = cluster.nameThatWillMove("n1", "n4");
        ClusterFixture.Member before = cluster.member("n1");
        assertThat(cluster.put(before, name, "first").status()).isEqualTo(200);
        List<ClusterFixture.Member> replicas = new ArrayList<>();
        try (AutoCloseable _ = cluster.links.loseReplies(
                (to, request) -> request.target().contains("what=commit") && replicas.add(cluster.member(to)))) {
            assertThat(cluster.put(before, name, "second").status()).isEqualTo(503);
        }
        cluster.add("n4");
        cluster.activate();
        ClusterFixture.Member primary = cluster.member("n4");
        EntriesRequest request = new EntriesRequest(List.of(name, "nothing", name), true);
        List<Page.Entry> told = entries(primary, request);
        replicas.getFirst().stop();
        assertThat(told).extracting(Page.Entry::removed).containsExactly(false, true, false);
        assertThat(told.getFirst().size()).isEqualTo("second".length());
        assertThat(ClusterFixture.told(cluster.get(primary, name))).isEqualTo("200 second");
        assertThat(entries(primary, request)).isEqualTo(told);
    }

    @Test
    void entriesAreToldByThePrimaryOnlyAndNotTooMany() {
        open(2, 1);
        String name = cluster.nameThatMoves("n1", "n1");
        Reply other = ask(
                cluster.member("n2"),
                "entries",
                MemoryBody.of(WireJson.write(new EntriesRequest(List.of(name), true))));
        assertThat(other.headers().find(NodeHeaders.ERROR)).isEqualTo("NOT_OWNER");
        EntriesRequest many = new EntriesRequest(Collections.nCopies(10_001, name), true);
        Reply refused = ask(cluster.member("n1"), "entries", MemoryBody.of(WireJson.write(many)));
        assertThat(ClusterFixture.told(refused)).startsWith("400 ").contains("10001 names are more than 10000");
    }

    @Test
    void groupWithACertainObjectIsOneEntry() {
        open(2, 1);
        for (int index = 0; index < 20; index++) {
            String name = "g/" + index;
            assertThat(cluster.put(cluster.primary(name), name, "x").status()).isEqualTo(200);
        }
        cluster.add("n3");
        cluster.activate();
        ClusterFixture.Member member = cluster.member("n1");
        assertThat(page(member, "holdings", new PageRequest("", "", "/", 1000, false))
                        .entries())
                .containsExactly(Page.Entry.group("g/"));
        assertThat(page(member, "holdings", new PageRequest("", "g/", "/", 10, false))
                        .entries())
                .isEmpty();
    }

    @Test
    void nodeWithoutALeaseTellsNothing() {
        open(2, 1);
        put(5);
        ClusterFixture.Member member = cluster.member("n1");
        member.expire();
        for (String what : new String[] {"page", "holdings", "uploads", "entries"}) {
            Reply reply = ask(member, what, MemoryBody.of(WireJson.write(ALL)));
            assertThat(reply.headers().find(NodeHeaders.ERROR)).isEqualTo("NODE_UNAVAILABLE");
            assertThat(NodeFixture.text(reply)).contains("lease");
        }
    }
}
