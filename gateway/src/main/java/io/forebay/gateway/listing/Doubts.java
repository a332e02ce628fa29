package io.forebay.gateway.listing;

import io.forebay.cluster.placement.Placements;
import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.Node;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import io.forebay.protocol.api.Page;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The names of which no list may tell yet, among those that all nodes told of while owners change: no node
/// is certain of them, and those that hold them have different values.
///
/// The newest of these may be a change that was never acknowledged. With the loss of one node it would be
/// gone, and a later list would go back behind an earlier one. A name's primary knows how to decide.
final class Doubts {
    private final Placements placements;
    private final Bucket bucket;
    private final Set<NodeId> answered = new HashSet<>();
    private final SortedMap<String, Map<NodeId, Page.Entry>> told = new TreeMap<>(NameOrder.INSTANCE);
    private final NavigableSet<String> groups = new TreeSet<>(NameOrder.INSTANCE);

    private Doubts(List<NodePage> pages, Placements placements, Bucket bucket) {
        this.placements = placements;
        this.bucket = bucket;
        for (NodePage page : pages) {
            answered.add(page.node());
            for (Page.Entry entry : page.page().entries()) {
                if (entry.group()) {
                    groups.add(entry.name());
                } else {
                    told.computeIfAbsent(entry.name(), name -> new HashMap<>()).put(page.node(), entry);
                }
            }
        }
    }

    /// The names in doubt, in order, up to where every page tells all. None where there are no copies: what
    /// is lost with a node is lost then.
    static List<String> among(List<NodePage> pages, Placements placements, Bucket bucket) {
        if (placements.areSettled() || bucket.copies() == 1) {
            return List.of();
        }
        Position end = Position.endOf(pages.stream().map(NodePage::page).toList());
        Doubts doubts = new Doubts(pages, placements, bucket);
        List<String> names = new ArrayList<>();
        doubts.told.forEach((name, entries) -> {
            boolean isTold = end == null || !end.isBefore(name);
            if (isTold && !doubts.isInGroup(name) && !doubts.isAgreed(name, entries)) {
                names.add(name);
            }
        });
        return names;
    }

    /// Whether a node is certain of an object in the name's group.
    private boolean isInGroup(String name) {
        String group = groups.floor(name);
        return group != null && name.startsWith(group);
    }

    private boolean isAgreed(String name, Map<NodeId, Page.Entry> entries) {
        Page.Entry newest = entries.values().stream()
                .reduce((known, entry) -> PageMerge.newer(entry, known))
                .orElseThrow();
        boolean isNothing = entries.values().stream().allMatch(Page.Entry::removed);
        if (newest.epoch() == 0 || isNothing) {
            return true;
        }
        // Holders that are silent are excused: what they have, nobody was told of.
        List<NodeId> holders = placements.holders(new ObjectKey(bucket.name(), name), bucket, newest.epoch()).stream()
                .map(Node::id)
                .filter(answered::contains)
                .toList();
        return !holders.isEmpty() && holders.stream().allMatch(node -> isSame(entries.get(node), newest));
    }

    private static boolean isSame(Page.@Nullable Entry entry, Page.Entry newest) {
        return entry != null
                && entry.removed() == newest.removed()
                && entry.epoch() == newest.epoch()
                && entry.change() == newest.change();
    }
}
