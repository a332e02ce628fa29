package io.forebay.gateway.listing;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.cluster.watch.CurrentState;
import io.forebay.cluster.watch.InMemoryCommandLog;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import io.forebay.gateway.PageModel;
import io.forebay.gateway.relay.Relay;
import io.forebay.gateway.routing.Router;
import io.forebay.protocol.api.Page;
import io.forebay.protocol.api.PageCodec;
import io.forebay.protocol.api.PageRequest;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.client.NodeChannel;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/// Random names over random nodes, some on two of them, whose pages end early at random: every listing has to
/// equal the plainest computation over all names.
class MergedListingFuzzTest {
    private static final BucketName BUCKET = BucketName.of("b");
    private static final String[] PARTS = {"a", "b", "/", "é", "😀", "\uffff", "x/", "//"};
    private static final long SEED = 20_260_304;
    private static final int ROUNDS = 400;

    @Test
    void everyListingEqualsTheModel() {
        for (int round = 0; round < ROUNDS; round++) {
            listOnce(new Random(SEED + round), SEED + round);
        }
    }

    private static void listOnce(Random random, long seed) {
        Map<NodeId, List<Page.Entry>> contents = new HashMap<>();
        List<Page.Entry> all = new ArrayList<>();
        fill(random, contents, all);
        CurrentState state = state(contents);
        Random hostile = new Random(seed);
        NodeChannel channel = (outer, node, request, body) -> {
            PageRequest asked = WireJson.read(body.readAll(1 << 16), PageRequest.class);
            return Reply.of(
                    200,
                    PageCodec.CONTENT_TYPE,
                    PageCodec.encode(shortened(hostile, contents.getOrDefault(node, List.of()), asked), true));
        };
        Router router = new Router(state, Duration.ofSeconds(1));
        MergedListing listing = new MergedListing(
                new Relay(router, channel, Duration.ZERO, System::nanoTime, new LongAdder(), new LongAdder()), 1 << 24);
        String prefix = random.nextInt(3) == 0 ? PARTS[random.nextInt(PARTS.length)] : "";
        String delimiter = random.nextBoolean() ? "/" : "";
        int limit = 1 + random.nextInt(7);
        DirectExchange outer = DirectExchange.of(new Request(Method.GET, "/", new Headers()), Body.empty());
        String after = "";
        for (boolean truncated = true; truncated; ) {
            PageRequest request = new PageRequest(prefix, after, delimiter, limit, true);
            Page page = listing.page(outer, router.snapshot(), BUCKET, request);
            Page expected = PageModel.page(all, request);
            assertThat(page.entries()).as("seed %s, %s", seed, request).isEqualTo(expected.entries());
            if (expected.truncated()) {
                assertThat(page.truncated()).as("seed %s, %s", seed, request).isTrue();
            }
            truncated = page.truncated() && !page.entries().isEmpty();
            after = truncated ? page.entries().getLast().name() : after;
        }
    }

    private static void fill(Random random, Map<NodeId, List<Page.Entry>> contents, List<Page.Entry> all) {
        int nodes = 1 + random.nextInt(4);
        for (int index = 0; index < nodes; index++) {
            contents.put(new NodeId("node" + index), new ArrayList<>());
        }
        for (int count = random.nextInt(40); count > 0; count--) {
            StringBuilder name = new StringBuilder();
            for (int parts = 1 + random.nextInt(4); parts > 0; parts--) {
                name.append(PARTS[random.nextInt(PARTS.length)]);
            }
            Page.Entry entry = new Page.Entry(name.toString(), false, count, 1000, 0, 1, "e", Map.of(), "", Map.of());
            if (all.stream().noneMatch(known -> known.name().equals(entry.name()))) {
                all.add(entry);
                List<List<Page.Entry>> holders = new ArrayList<>(contents.values());
                holders.get(random.nextInt(nodes)).add(entry);
                Page.Entry older = new Page.Entry(entry.name(), false, 99, 500, 0, 1, "old", Map.of(), "", Map.of());
                List<Page.Entry> second = holders.get(random.nextInt(nodes));
                if (!second.contains(entry) && random.nextInt(5) == 0) {
                    second.add(older);
                }
            }
        }
    }

    /// A page as a node may give it: sometimes fewer entries than it has, but never none of some.
    private static synchronized Page shortened(Random random, List<Page.Entry> objects, PageRequest asked) {
        int limit = 1 + random.nextInt(asked.limit());
        return PageModel.page(
                objects, new PageRequest(asked.prefix(), asked.after(), asked.delimiter(), limit, asked.attributes()));
    }

    private static CurrentState state(Map<NodeId, List<Page.Entry>> contents) {
        CurrentState state = new CurrentState();
        InMemoryCommandLog log = new InMemoryCommandLog(state);
        contents.keySet()
                .forEach(id -> log.submit(new Command.Join(
                        new Node(id, Node.Role.STORAGE, "http://h:1", "http://h:1", Node.Phase.ACTIVE))));
        return state;
    }
}
