package io.forebay.storage.batch;

import io.forebay.common.model.NodeId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// The items of one batch in their order. Other nodes are asked ahead for theirs, many at once and all nodes
/// at the same time, as long as there is memory for what arrives. What this node has is read when it is its
/// turn.
final class ItemQueue implements AutoCloseable {
    /// What waits here of one answer of another node, at most and about.
    static final int GROUP_BYTES = 512 << 10;

    private final List<BatchItem> items;
    private final ItemReader reader;
    private final int window;
    private final Semaphore memory;
    private final ItemBytes.Retry retry;
    private final ArrayDeque<Slot> slots = new ArrayDeque<>();
    private final List<ItemGroup> groups = new ArrayList<>();
    private int queued;
    private @Nullable ItemBytes current;

    /// @param window how many items are looked at ahead
    /// @param memory a permit for each answer that may be on its way
    ItemQueue(List<BatchItem> items, ItemReader reader, int window, Semaphore memory, ItemBytes.Retry retry) {
        this.items = items;
        this.reader = reader;
        this.window = window;
        this.memory = memory;
        this.retry = retry;
    }

    /// An item in the queue.
    ///
    /// @param group in which it comes; null when it is opened in its turn
    private record Slot(BatchItem item, @Nullable ItemGroup group) {}

    boolean isEmpty() {
        return slots.isEmpty() && queued == items.size();
    }

    /// The item that `next` opens.
    BatchItem peek() {
        lookAhead();
        return slots.getFirst().item;
    }

    /// Opens the next item, until the next call; the one before is closed. There must be one. Throws as
    /// `ItemReader.open` does, after it was tried for as long as that may help; the item is passed over then.
    ItemBytes next() {
        leave();
        lookAhead();
        Slot slot = slots.removeFirst();
        ItemReader.Opened ahead = slot.group == null ? null : slot.group.next();
        ItemBytes opened = ahead == null
                ? ItemBytes.open(slot.item, reader, retry)
                : new ItemBytes(slot.item, reader, retry, ahead);
        current = opened;
        return opened;
    }

    /// Looks at further items once half of those that were looked at are behind.
    private void lookAhead() {
        if (slots.size() > window / 2 || queued == items.size()) {
            return;
        }
        groups.removeIf(ItemGroup::isOver);
        List<BatchItem> ahead = items.subList(queued, Math.min(items.size(), queued + window - slots.size()));
        queued += ahead.size();
        List<@Nullable NodeId> owners = new ArrayList<>(ahead.size());
        Map<NodeId, List<BatchItem>> wanted = new LinkedHashMap<>();
        for (BatchItem item : ahead) {
            NodeId owner = reader.otherOwner(item);
            owners.add(owner);
            if (owner != null) {
                wanted.computeIfAbsent(owner, node -> new ArrayList<>()).add(item);
            }
        }
        Map<NodeId, ItemGroup> asked = ask(wanted);
        for (int index = 0; index < ahead.size(); index++) {
            NodeId owner = owners.get(index);
            slots.addLast(new Slot(ahead.get(index), owner == null ? null : asked.get(owner)));
        }
    }

    private Map<NodeId, ItemGroup> ask(Map<NodeId, List<BatchItem>> wanted) {
        Map<NodeId, ItemGroup> asked = new LinkedHashMap<>();
        wanted.forEach((owner, ofOwner) -> {
            if (memory.tryAcquire()) {
                ItemGroup group = ItemGroup.ask(owner, ofOwner, reader, memory::release);
                groups.add(group);
                asked.put(owner, group);
            }
        });
        return asked;
    }

    private void leave() {
        ItemBytes left = current;
        current = null;
        if (left != null) {
            left.close();
        }
    }

    /// Closes what is open, and what is being opened when it is.
    @Override
    public void close() {
        leave();
        groups.forEach(ItemGroup::close);
        slots.clear();
        queued = items.size();
    }
}
