package io.forebay.gateway.listing;

import io.forebay.cluster.placement.Placements;
import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.cluster.watch.CurrentState;
import io.forebay.cluster.watch.InMemoryCommandLog;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import io.forebay.gateway.PageModel;
import io.forebay.protocol.api.EntriesRequest;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.api.Page;
import io.forebay.protocol.api.PageCodec;
import io.forebay.protocol.api.PageRequest;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.client.NodeChannel;
import io.forebay.protocol.http.Reply;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/// Storage nodes that hold random objects of a bucket, settled or while owners change: what they tell of
/// them, and what is true. States go from settled to pending, active and settled again.
final class HoldingNodes {
    static final BucketName BUCKET = BucketName.of("b");
    private static final String[] PARTS = {"a", "b", "/", "é", "😀", "\uffff", "x/", "//"};
    private static final int LATER = 1000;

    private final Random random;
    private final CurrentState state = new CurrentState();
    private final InMemoryCommandLog log = new InMemoryCommandLog(state);
    private final Map<NodeId, List<Page.Entry>> holdings = new TreeMap<>();
    private final Map<NodeId, List<Page.Entry>> answered = new TreeMap<>();
    private final List<Page.Entry> objects = new ArrayList<>();

    HoldingNodes(Random random) {
        this.random = random;
        for (int count = 1 + random.nextInt(4); count > 0; count--) {
            join();
        }
        log.submit(new Command.CreateBucket(BUCKET, 1, Map.of(Bucket.COPIES, Integer.toString(1 + random.nextInt(2)))));
        Set<String> names = new HashSet<>();
        for (int count = random.nextInt(60); count > 0; count--) {
            StringBuilder name = new StringBuilder();
            for (int parts = 1 + random.nextInt(4); parts > 0; parts--) {
                name.append(part(random));
            }
            if (names.add(name.toString())) {
                hold(name.toString(), count);
            }
        }
        if (random.nextBoolean()) {
            join();
        }
        perhapsMove();
    }

    static String part(Random random) {
        return PARTS[random.nextInt(PARTS.length)];
    }

    CurrentState state() {
        return state;
    }

    /// What there is.
    List<Page.Entry> objects() {
        return objects;
    }

    /// Goes on to the next phase, or not.
    void perhapsMove() {
        Placements placements = Placements.of(state.current());
        if (random.nextInt(4) != 0) {
            return;
        }
        long newest = placements.newest().number();
        switch (placements.newest().phase()) {
            case PENDING -> log.submit(new Command.Activate(newest));
            case ACTIVE -> log.submit(new Command.Settle(newest));
            case SETTLED -> {
                if (holdings.size() < 6) {
                    join();
                }
            }
        }
    }

    /// Nodes that answer with less than is asked for, but never with none of some; some of them move
    /// meanwhile.
    NodeChannel channel() {
        return (outer, node, request, body) -> {
            byte[] message = body.readAll(1 << 16);
            synchronized (this) {
                Placements placements = Placements.of(state.current());
                Page page = request.target().endsWith("what=entries")
                        ? decided(WireJson.read(message, EntriesRequest.class))
                        : page(node, request.target(), WireJson.read(message, PageRequest.class));
                perhapsMove();
                return Reply.of(200, PageCodec.CONTENT_TYPE, PageCodec.encode(page, true))
                        .with(NodeHeaders.EPOCH, placements.label());
            }
        };
    }

    private Page page(NodeId node, String target, PageRequest asked) {
        return target.endsWith("what=holdings")
                ? held(node, asked)
                : PageModel.page(wanted(answered, node, asked), asked.from("", false, few(asked)));
    }

    private Page decided(EntriesRequest asked) {
        Map<String, Page.Entry> known = new HashMap<>();
        objects.forEach(object -> known.put(object.name(), object));
        return new Page(
                asked.names().stream()
                        .map(name -> known.getOrDefault(name, Page.Entry.removed(name, 0, 0)))
                        .toList(),
                false);
    }

    private int few(PageRequest asked) {
        return 1 + random.nextInt(Math.min(asked.limit(), 9));
    }

    private static List<Page.Entry> wanted(Map<NodeId, List<Page.Entry>> from, NodeId node, PageRequest asked) {
        List<Page.Entry> wanted = new ArrayList<>(from.getOrDefault(node, List.of()));
        wanted.removeIf(entry -> !entry.name().startsWith(asked.prefix())
                || PageModel.compare(entry.name(), asked.after()) <= 0
                || (asked.past() && entry.name().startsWith(asked.after())));
        wanted.sort((left, right) -> PageModel.compare(left.name(), right.name()));
        return wanted;
    }

    private Page held(NodeId node, PageRequest asked) {
        List<Page.Entry> sorted = wanted(holdings, node, asked);
        int limit = few(asked);
        List<Page.Entry> page = new ArrayList<>();
        String passed = "";
        for (Page.Entry entry : sorted) {
            if (!passed.isEmpty() && entry.name().startsWith(passed)) {
                continue;
            }
            String group = asked.group(entry.name());
            Page.Entry told = entry;
            if (group != null && entry.epoch() == 0 && !entry.removed()) {
                page.removeIf(other -> group.equals(asked.group(other.name())));
                told = Page.Entry.group(group);
            }
            if (page.size() == limit) {
                return new Page(page, true);
            }
            passed = told.equals(entry) ? passed : told.name();
            page.add(told);
        }
        return new Page(page, false);
    }

    private void join() {
        NodeId id = new NodeId("node" + holdings.size());
        holdings.put(id, new ArrayList<>());
        answered.put(id, new ArrayList<>());
        log.submit(new Command.Join(new Node(id, Node.Role.STORAGE, "http://h:1", "http://h:1", Node.Phase.ACTIVE)));
    }

    /// Puts a name on some nodes: its newest value, or that it was removed, on one at least.
    private void hold(String name, int size) {
        long newest = 10L + random.nextInt(10);
        boolean removed = random.nextInt(3) == 0;
        List<NodeId> nodes = new ArrayList<>(holdings.keySet());
        NodeId owner = nodes.get(random.nextInt(nodes.size()));
        boolean certain = random.nextBoolean();
        Page.Entry object = new Page.Entry(name, false, size, 1000, 0, newest, "e", Map.of(), "", Map.of());
        of(holdings, owner).add(valued(object, removed, certain ? 0 : 2, newest));
        if (!removed) {
            objects.add(object);
            of(answered, owner).add(object);
        }
        for (NodeId other : nodes) {
            if (!other.equals(owner) && random.nextInt(3) == 0) {
                boolean came = certain && random.nextInt(3) == 0;
                long version = came ? LATER : random.nextLong(newest);
                of(holdings, other)
                        .add(valued(object, random.nextBoolean(), came ? 3 : 1 + random.nextInt(2), version));
            }
        }
    }

    private static List<Page.Entry> of(Map<NodeId, List<Page.Entry>> lists, NodeId node) {
        return lists.computeIfAbsent(node, any -> new ArrayList<>());
    }

    private static Page.Entry valued(Page.Entry object, boolean removed, long epoch, long version) {
        return removed ? Page.Entry.removed(object.name(), epoch, version) : object.stamped(epoch, version);
    }
}
