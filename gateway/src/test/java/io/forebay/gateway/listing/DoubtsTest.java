package io.forebay.gateway.listing;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.placement.Placements;
import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.cluster.watch.CurrentState;
import io.forebay.cluster.watch.InMemoryCommandLog;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import io.forebay.protocol.api.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Which names a list may tell of that no node is certain of: three nodes held two copies of each object, and
/// a fourth one has joined.
final class DoubtsTest {
    private static final BucketName BUCKET = BucketName.of("b");

    private final CurrentState state = new CurrentState();
    private final InMemoryCommandLog log = new InMemoryCommandLog(state);
    private final long before;
    private final String name;
    private final List<NodeId> holders;

    DoubtsTest() {
        List.of("na", "nb", "nc").forEach(this::join);
        log.submit(new Command.CreateBucket(BUCKET, 1, Map.of(Bucket.COPIES, "2")));
        before = state.current().newestEpoch().number();
        join("nd");
        log.submit(new Command.Activate(state.current().newestEpoch().number()));
        name = nameThatMoved();
        holders = ids(placements().holders(key(name), bucket(), before));
    }

    private void join(String id) {
        log.submit(new Command.Join(
                new Node(new NodeId(id), Node.Role.STORAGE, "http://h:1", "http://h:1", Node.Phase.ACTIVE)));
    }

    private Placements placements() {
        return Placements.of(state.current());
    }

    private Bucket bucket() {
        return Objects.requireNonNull(state.current().bucket(BUCKET));
    }

    private static ObjectKey key(String name) {
        return new ObjectKey(BUCKET, name);
    }

    private static List<NodeId> ids(List<Node> nodes) {
        return nodes.stream().map(Node::id).toList();
    }

    private String nameThatMoved() {
        int number = 0;
        while (!placements().primary(key("o" + number)).id().value().equals("nd")) {
            number++;
        }
        return "o" + number;
    }

    private Page.Entry object(String object, long change) {
        return new Page.Entry(object, false, 1, 0, 0, 1, "", Map.of(), "", Map.of()).stamped(before, change);
    }

    private Page.Entry removed(long change) {
        return Page.Entry.removed(name, before, change);
    }

    /// What the two holders say, and that the others have nothing.
    private List<NodePage> told(Page.@Nullable Entry first, Page.@Nullable Entry second) {
        List<NodePage> pages = new ArrayList<>();
        for (NodeId node : placements().members().keySet()) {
            Page.Entry entry = node.equals(holders.getFirst()) ? first : node.equals(holders.getLast()) ? second : null;
            pages.add(new NodePage(node, new Page(entry == null ? List.of() : List.of(entry), false)));
        }
        return pages;
    }

    private List<String> doubts(List<NodePage> pages) {
        return Doubts.among(pages, placements(), bucket());
    }

    @Test
    void whatAllHoldersTellIsNotInDoubt() {
        assertThat(doubts(told(object(name, 3), object(name, 3)))).isEmpty();
        assertThat(doubts(told(removed(3), removed(3)))).isEmpty();
    }

    @Test
    void changeThatOneHolderHasIsInDoubt() {
        assertThat(doubts(told(object(name, 3), object(name, 2)))).containsExactly(name);
        assertThat(doubts(told(object(name, 2), object(name, 3)))).containsExactly(name);
        assertThat(doubts(told(object(name, 3), null))).containsExactly(name);
    }

    @Test
    void removalThatOneHolderHasIsInDoubtWhereTheOtherHasTheObject() {
        assertThat(doubts(told(removed(3), object(name, 2)))).containsExactly(name);
        assertThat(doubts(told(object(name, 3), removed(2)))).containsExactly(name);
    }

    /// Tombstones are forgotten in time.
    @Test
    void removalIsNotInDoubtWhereNobodyHasAnObject() {
        assertThat(doubts(told(removed(3), null))).isEmpty();
        assertThat(doubts(told(removed(3), removed(2)))).isEmpty();
    }

    @Test
    void whatANodeIsCertainOfIsNotInDoubt() {
        assertThat(doubts(told(object(name, 3), object(name, 3).stamped(0, 0)))).isEmpty();
        List<NodePage> pages = new ArrayList<>(told(object(name, 3), null));
        pages.add(new NodePage(new NodeId("nd"), new Page(List.of(Page.Entry.group("o")), false)));
        assertThat(doubts(pages)).isEmpty();
    }

    @Test
    void holderThatIsExcusedNeedNotAgree() {
        List<NodePage> pages = new ArrayList<>(told(object(name, 3), object(name, 2)));
        pages.removeIf(page -> page.node().equals(holders.getLast()));
        assertThat(doubts(pages)).isEmpty();
    }

    @Test
    void namesBehindTheEndOfAPageAreAskedForAgainFirst() {
        List<NodePage> pages = new ArrayList<>(told(object(name, 3), object(name, 2)));
        pages.add(new NodePage(new NodeId("ne"), new Page(List.of(Page.Entry.removed("a", before, 1)), true)));
        assertThat(doubts(pages)).isEmpty();
    }

    @Test
    void nothingIsInDoubtWithoutCopiesOrWhenOwnersAreSettled() {
        List<NodePage> pages = told(object(name, 3), object(name, 2));
        log.submit(new Command.Settle(state.current().newestEpoch().number()));
        assertThat(doubts(pages)).isEmpty();
    }
}
