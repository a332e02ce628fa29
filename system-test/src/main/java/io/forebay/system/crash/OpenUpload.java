package io.forebay.system.crash;

import java.util.ArrayList;
import java.util.List;

/// A multipart upload that is under way, with the parts that were acknowledged.
final class OpenUpload {
    private final Entry entry;
    private final String id;
    private final List<String> entityTags = new ArrayList<>();

    OpenUpload(Entry entry, String id) {
        this.entry = entry;
        this.id = id;
    }

    /// As it was when a mark was set.
    record Seen(Entry entry, String id, List<String> entityTags) {}

    void add(String entityTag) {
        entityTags.add(entityTag);
    }

    String id() {
        return id;
    }

    Seen seen() {
        return new Seen(entry, id, List.copyOf(entityTags));
    }
}
