package io.forebay.storage.object;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.io.FileSlice;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.Scan;
import io.forebay.storage.metadata.Seal;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Everything that a store says of some buckets as text, a line a thing: two stores with the same text hold
/// the same.
final class StoreDescription {
    private static final int MAX_UPLOADS = 1000;

    private final ObjectStore store;
    private final StringBuilder text = new StringBuilder();

    private StoreDescription(ObjectStore store) {
        this.store = store;
    }

    static String of(ObjectStore store, List<Bucket> buckets) {
        StoreDescription description = new StoreDescription(store);
        buckets.forEach(description::describe);
        return description.text.toString();
    }

    private void describe(Bucket bucket) {
        line("bucket " + bucket.id());
        try (Scan scan = store.scan(bucket.id())) {
            while (scan.next()) {
                describe(bucket, scan.name(), scan.record());
            }
        }
        for (Upload upload : store.listUploads(bucket.id(), "", "", MAX_UPLOADS)) {
            describe(bucket, upload);
        }
        try (HeldScan scan = store.holdings().scan(bucket.id())) {
            while (scan.next()) {
                if (scan.held().record() == null) {
                    line("tombstone " + visible(scan.name()) + " " + scan.held().stamp());
                }
            }
        }
    }

    private void describe(Bucket bucket, String name, ObjectRecord listed) {
        ReadOutcome outcome =
                store.read(bucket, new ObjectKey(bucket.name(), name), Waiting.ALLOWED, ReadOutcome.Choice.ALL);
        if (!(outcome instanceof ReadOutcome.Found found)) {
            throw new AssertionError(bucket.id() + "/" + name + " is listed but not there");
        }
        line("object " + visible(name) + attributes(listed) + " sha256=" + digest(found.slices()));
        listed.parts().forEach(part -> line("  " + part));
        if (!listed.attributes().equals(found.record().attributes())) {
            throw new AssertionError(name + " is listed with other attributes than it is read with");
        }
    }

    private void describe(Bucket bucket, Upload upload) {
        line("upload " + visible(upload.name()) + " " + upload.kind() + " created=" + upload.createdMillis() + " note="
                + visible(upload.note()) + " system=" + new TreeMap<>(upload.system()) + " custom="
                + new TreeMap<>(upload.custom()) + seal(upload.seal()));
        ObjectKey key = new ObjectKey(bucket.name(), upload.name());
        for (Part part : store.listParts(bucket, key, upload.id())) {
            line("  part " + part.number() + attributes(part.record()) + " sha256="
                    + digest(store.openPart(bucket, key, part)));
        }
    }

    private static String attributes(ObjectRecord record) {
        boolean stamped = record.stamp().epoch() != 0;
        return (stamped ? " stamp=" + record.stamp() : "") + " size=" + record.size() + " version=" + record.version()
                + " modified=" + record.modifiedMillis()
                + " accessed=" + record.accessedMillis() + " etag=" + record.etag() + " checksums="
                + record.checksums().stream().map(StoreDescription::name).collect(Collectors.joining(","))
                + " composite=" + Objects.requireNonNullElse(record.compositeChecksum(), "none") + " system="
                + new TreeMap<>(record.system()) + " custom=" + visible(new TreeMap<>(record.custom()).toString())
                + seal(record.seal());
    }

    private static String seal(@Nullable Seal seal) {
        return seal == null
                ? ""
                : " seal=" + seal.contentSize() + ":" + HexFormat.of().formatHex(seal.bytes());
    }

    private static String name(Checksum checksum) {
        return checksum.type().wireName() + ":" + checksum.hex();
    }

    /// Closes the slices.
    private static String digest(List<FileSlice> slices) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(StoreFixture.content(slices)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The text in ASCII.
    private static String visible(String text) {
        StringBuilder result = new StringBuilder();
        text.chars().forEach(c -> {
            if (c >= ' ' && c < 127) {
                result.append((char) c);
            } else {
                result.append(String.format("\\u%04x", c));
            }
        });
        return result.toString();
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
