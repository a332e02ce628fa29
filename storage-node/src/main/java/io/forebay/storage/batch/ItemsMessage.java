package io.forebay.storage.batch;

import io.forebay.common.error.Check;
import io.forebay.protocol.api.ObjectUname;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which items a node that makes a batch wants of another one, in JSON; they come as `ItemFrames`.
public record ItemsMessage(List<Item> items) {
    /// Throws INVALID_ARGUMENT when there are none.
    public ItemsMessage(@Nullable List<Item> items) {
        Check.argument(items != null && !items.isEmpty(), "no items are asked for");
        this.items = items == null ? List.of() : List.copyOf(items);
    }

    /// One item.
    ///
    /// @param uname the object's unique name
    /// @param member as `BatchItem` has it
    /// @param range as `BatchItem` has it
    public record Item(
            String uname, String member, @Nullable String range) {}

    /// The message that asks for these.
    public static ItemsMessage of(List<BatchItem> items) {
        return new ItemsMessage(items.stream()
                .map(item -> new Item(item.key().uname(), item.member(), item.range()))
                .toList());
    }

    /// What is asked for, without names in an archive. Throws INVALID_ARGUMENT.
    public List<BatchItem> batchItems() {
        return items.stream()
                .map(item -> new BatchItem(ObjectUname.parseObject(item.uname), item.member, item.range, -1, "", null))
                .toList();
    }
}
