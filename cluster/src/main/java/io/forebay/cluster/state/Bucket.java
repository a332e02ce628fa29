package io.forebay.cluster.state;

import io.forebay.common.error.Check;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.Durability;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// A bucket of the cluster.
///
/// @param id never used again: a bucket of the same name made later has another id and starts empty
/// @param createdMillis in milliseconds since the epoch, decided by the submitter
/// @param properties the leaves that were set, by dotted name (`checksum.type`); absent leaves have their
///     default
/// @param sealed whether writes are refused because its removal is being decided
/// @param established so many copies each object has that was there when the state was last settled; at
///     most `copies`
/// @param most so many copies an object may have: more than `copies` after that became less, until the
///     state is settled
/// @param firstEpoch number of the epoch that served when the bucket was made: no object of it is where an
///     earlier one would place it; 0 where that is not known
public record Bucket(
        BucketName name,
        long id,
        long createdMillis,
        SortedMap<String, String> properties,
        boolean sealed,
        int established,
        int most,
        long firstEpoch) {
    /// Property: `none`, `group` or `strict`.
    public static final String DURABILITY = "forebay.durability";

    /// Property: `true` (default) when the S3 face has an MD5 computed for the ETag.
    public static final String MD5 = "forebay.md5";

    /// Property: AIStore's checksum type shown to its clients, `xxhash2` by default.
    public static final String CHECKSUM_TYPE = "checksum.type";

    /// Property: AIStore's access mask, unsigned decimal; all bits by default.
    public static final String ACCESS = "access";

    /// Property: how many storage nodes hold each object, 1 by default.
    public static final String COPIES = "forebay.copies";

    /// The most copies that a bucket may ask for.
    public static final int MAX_COPIES = 8;

    public Bucket {
        properties = Collections.unmodifiableSortedMap(new TreeMap<>(properties));
    }

    /// A bucket of which one copy of each object is established, made at a time that is not known.
    public Bucket(BucketName name, long id, long createdMillis, SortedMap<String, String> properties, boolean sealed) {
        this(name, id, createdMillis, properties, sealed, 1, 1, 0);
    }

    public Durability durability() {
        return Durability.parse(properties.getOrDefault(DURABILITY, "group"));
    }

    /// How many storage nodes hold each object, where there are so many. Throws INVALID_ARGUMENT when the
    /// property is no such number.
    public int copies() {
        String text = properties.get(COPIES);
        if (text == null) {
            return 1;
        }
        int copies = text.length() == 1 ? text.charAt(0) - '0' : 0;
        Check.argument(copies >= 1 && copies <= MAX_COPIES, "%s \"%s\" is not 1 to %s", COPIES, text, MAX_COPIES);
        return copies;
    }

    public boolean keepsMd5() {
        return !"false".equals(properties.get(MD5));
    }

    /// The bucket with these leaves changed; an empty value removes a leaf, back to its default.
    Bucket changed(Map<String, String> changes) {
        SortedMap<String, String> next = new TreeMap<>(properties);
        changes.forEach((name, value) -> {
            if (value.isEmpty()) {
                next.remove(name);
            } else {
                next.put(name, value);
            }
        });
        return withProperties(next);
    }

    Bucket withSealed(boolean next) {
        return new Bucket(name, id, createdMillis, properties, next, established, most, firstEpoch);
    }

    Bucket withoutProperties() {
        return withProperties(new TreeMap<>());
    }

    Bucket withCopies(int nextEstablished, int nextMost) {
        return new Bucket(name, id, createdMillis, properties, sealed, nextEstablished, nextMost, firstEpoch);
    }

    private Bucket withProperties(SortedMap<String, String> next) {
        return new Bucket(name, id, createdMillis, next, sealed, established, most, firstEpoch);
    }
}
