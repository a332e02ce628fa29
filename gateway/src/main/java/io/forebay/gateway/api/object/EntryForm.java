package io.forebay.gateway.api.object;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.ObjectKey;
import io.forebay.gateway.core.Listed;
import io.forebay.gateway.core.Objects;
import io.forebay.protocol.api.Page;
import io.forebay.protocol.api.bucket.BucketList;
import io.forebay.protocol.api.bucket.GoTimeLayout;
import io.forebay.protocol.api.bucket.ListMessage;
import io.forebay.protocol.api.bucket.ListMessage.Flag;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which properties the entries of one listing show, decided once for all of them.
final class EntryForm {
    private static final String NO_CHECKSUM = "none";
    private static final List<String> KNOWN_CHECKSUMS = List.of("xxhash2", "md5", "crc32c", "sha256", "sha512");

    /// Backends' own keys come first, as AIStore prints them (`cmn/objlist_utils.go`).
    private static final List<String> STANDARD_CUSTOM =
            List.of("source", "ETag", "lso-last-modified", "LastModified", "CRC32C", "MD5", "version");

    private final BucketName bucket;
    private final Objects objects;
    private final GoTimeLayout layout;
    private final String checksumType;
    private final boolean size;
    private final boolean checksum;
    private final boolean accessTime;
    private final boolean version;
    private final boolean location;
    private final boolean custom;
    private final int copies;

    EntryForm(Bucket bucket, ListMessage message, Objects objects) {
        this.bucket = bucket.name();
        this.objects = objects;
        String timeFormat = message.timeFormat();
        this.layout = timeFormat == null || timeFormat.isEmpty() ? GoTimeLayout.RFC822 : new GoTimeLayout(timeFormat);
        this.checksumType = bucket.properties().getOrDefault(Bucket.CHECKSUM_TYPE, "");
        boolean nameOnly = message.has(Flag.NAME_ONLY);
        boolean full = !nameOnly && !message.has(Flag.NAME_SIZE);
        String props = message.props();
        boolean unnamed = props == null || props.isEmpty();
        boolean cachedDefault = unnamed && message.has(Flag.CACHED);
        this.size = !nameOnly && (unnamed || message.has(Flag.NAME_SIZE) || message.wants("size"));
        this.checksum = full && (cachedDefault || message.wants("checksum"));
        this.accessTime = full && (cachedDefault || message.wants("atime"));
        this.version = full
                && message.wants("version")
                && !"false".equals(bucket.properties().get("versioning.enabled"));
        this.location = full && message.wants("location");
        this.custom = full && message.wants("custom");
        this.copies = full && message.wants("copies") ? bucket.established() : 0;
    }

    /// Whether storage nodes have to tell more than name and size.
    boolean needsAttributes() {
        return checksum || accessTime || version || custom;
    }

    /// One of a listing that shows what is in archives. Of a member name and size are known.
    BucketList.Entry entry(Listed listed) {
        Page.Entry entry = listed.entry();
        return switch (listed.kind()) {
            case PLAIN -> entry(entry);
            case ARCHIVE -> entry(entry, BucketList.Entry.CACHED | BucketList.Entry.ARCHIVE);
            case MEMBER ->
                new BucketList.Entry(
                        entry.name(),
                        "",
                        "",
                        "",
                        "",
                        "",
                        size ? entry.size() : 0,
                        0,
                        BucketList.Entry.CACHED | BucketList.Entry.IN_ARCHIVE);
        };
    }

    BucketList.Entry entry(Page.Entry entry) {
        if (entry.group()) {
            return BucketList.Entry.named(entry.name(), BucketList.Entry.DIRECTORY);
        }
        return entry(entry, BucketList.Entry.CACHED);
    }

    private BucketList.Entry entry(Page.Entry entry, int flags) {
        return new BucketList.Entry(
                entry.name(),
                checksum ? checksum(entry) : "",
                accessTime ? accessTime(entry) : "",
                version ? Long.toString(entry.version()) : "",
                location ? location(entry) : "",
                custom ? custom(entry.custom()) : "",
                size ? entry.size() : 0,
                copies,
                flags);
    }

    /// The bucket's type, or another that AIStore knows where the object was stored without it.
    private String checksum(Page.Entry entry) {
        if (checksumType.equals(NO_CHECKSUM)) {
            return "";
        }
        String shown = entry.checksums().get(checksumType);
        for (int index = 0; shown == null && index < KNOWN_CHECKSUMS.size(); index++) {
            shown = entry.checksums().get(KNOWN_CHECKSUMS.get(index));
        }
        return shown == null ? "" : shown;
    }

    private String accessTime(Page.Entry entry) {
        long nanos = entry.accessedNanos() == 0 ? entry.modifiedMillis() * 1_000_000 : entry.accessedNanos();
        return nanos == 0 ? "" : layout.format(nanos);
    }

    private String location(Page.Entry entry) {
        return "t["
                + objects.locate(new ObjectKey(bucket, entry.name())).owner().id() + "]";
    }

    /// `[k1:v1 k2:v2]`, or nothing.
    private static String custom(Map<String, String> pairs) {
        if (pairs.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder("[");
        for (String key : STANDARD_CUSTOM) {
            append(key, pairs.get(key), text);
        }
        pairs.forEach((key, value) -> append(key, STANDARD_CUSTOM.contains(key) ? null : value, text));
        return text.append(']').toString();
    }

    private static void append(String key, @Nullable String value, StringBuilder text) {
        if (value != null) {
            if (text.length() > 1) {
                text.append(' ');
            }
            text.append(key).append(':').append(value);
        }
    }
}
