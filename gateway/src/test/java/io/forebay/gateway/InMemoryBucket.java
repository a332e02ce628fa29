package io.forebay.gateway;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.ObjectAttributes;
import io.forebay.common.model.ObjectKey;
import io.forebay.gateway.listing.NameOrder;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.Page;
import io.forebay.protocol.api.PageRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a bucket holds on an `InMemoryNode`.
final class InMemoryBucket {
    final SortedMap<String, StoredObject> objects = new TreeMap<>(NameOrder.INSTANCE);
    final SortedMap<String, InMemoryUpload> uploads = new TreeMap<>();
    int nextUpload;

    StoredObject require(ObjectKey key) {
        StoredObject object = objects.get(key.name());
        if (object == null) {
            throw new NodeErrors("t[memory]").noSuchObject(key);
        }
        return object;
    }

    InMemoryUpload upload(ObjectKey key, String id) {
        InMemoryUpload upload = uploads.get(id);
        if (upload == null || !upload.name.equals(key.name())) {
            throw new StoreException(ErrorCode.NO_SUCH_UPLOAD, "upload \"" + id + "\" does not exist");
        }
        return upload;
    }

    Page page(PageRequest asked) {
        List<Page.Entry> entries = new ArrayList<>();
        String skipped = asked.after();
        boolean skipsGroup = !asked.delimiter().isEmpty()
                && skipped.endsWith(asked.delimiter())
                && skipped.length() > asked.prefix().length();
        String lastGroup = skipsGroup ? skipped : "";
        for (Map.Entry<String, StoredObject> object : objects.entrySet()) {
            String name = object.getKey();
            if (!name.startsWith(asked.prefix()) || NameOrder.compare(name, asked.after()) <= 0) {
                continue;
            }
            String group = group(name, asked);
            if (!group.isEmpty() && group.equals(lastGroup)) {
                continue;
            }
            if (entries.size() == asked.limit()) {
                return new Page(entries, true);
            }
            entries.add(group.isEmpty() ? entry(name, object.getValue().attributes()) : Page.Entry.group(group));
            lastGroup = group.isEmpty() ? lastGroup : group;
        }
        return new Page(entries, false);
    }

    private static String group(String name, PageRequest asked) {
        int found = asked.delimiter().isEmpty()
                ? -1
                : name.indexOf(asked.delimiter(), asked.prefix().length());
        return found < 0 ? "" : name.substring(0, found + asked.delimiter().length());
    }

    private static Page.Entry entry(String name, ObjectAttributes attributes) {
        Map<String, String> checksums = new LinkedHashMap<>();
        for (Checksum checksum : attributes.checksums()) {
            checksums.put(checksum.type().wireName(), checksum.hex());
        }
        String composite = attributes.compositeChecksum();
        return new Page.Entry(
                name,
                false,
                attributes.size(),
                attributes.modifiedMillis(),
                0,
                attributes.version(),
                attributes.etag(),
                checksums,
                composite == null ? attributes.system().getOrDefault(ChecksumType.ATTRIBUTE, "") : composite,
                attributes.custom());
    }
}
