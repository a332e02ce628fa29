package io.forebay.cluster.state;

import io.forebay.common.error.Check;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.Durability;
import io.forebay.common.model.ObjectLock;
import io.forebay.common.model.Versioning;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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
    /// What the names of properties begin with that only S3's clients see.
    public static final String S3 = "s3.";

    /// Property: the id of the user whose bucket it is, root's by default.
    public static final String OWNER = S3 + "owner";

    /// Property: `Enabled` or `Suspended`; absent for a bucket that never had versions.
    public static final String VERSIONING = S3 + "versioning";

    /// Property: `enabled`, or the retention that objects get by default (`ObjectLock.Default`); absent for a bucket
    /// whose
    /// versions cannot be locked.
    public static final String OBJECT_LOCK = S3 + "object-lock";

    /// As `OBJECT_LOCK`: versions can be locked, and none is by default.
    public static final String LOCKABLE = "enabled";

    /// Property: how objects are encrypted that are written without saying so (`Encryption`); not at all by default.
    public static final String ENCRYPTION = S3 + "encryption";

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

    /// Property: `true` when each object has as many copies as the next one says, `false` by default.
    public static final String MIRROR = "mirror.enabled";

    /// Property: AIStore's number of copies, 2 by default.
    public static final String MIRROR_COPIES = "mirror.copies";

    private static final String MIRROR_DEFAULT = "2";

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

    /// What becomes of the versions of its objects.
    public Versioning versioning() {
        return switch (properties.getOrDefault(VERSIONING, "")) {
            case "Enabled" -> Versioning.ENABLED;
            case "Suspended" -> Versioning.SUSPENDED;
            default -> Versioning.OFF;
        };
    }

    /// Whether versions of its objects can be locked.
    public boolean isLockable() {
        return properties.containsKey(OBJECT_LOCK);
    }

    /// The retention that its objects get by default, or null.
    public ObjectLock.@Nullable Default defaultRetention() {
        String text = properties.getOrDefault(OBJECT_LOCK, LOCKABLE);
        return text.equals(LOCKABLE) ? null : ObjectLock.Default.parse(text);
    }

    /// The id of the user whose bucket it is.
    public String owner() {
        return properties.getOrDefault(OWNER, User.ROOT);
    }

    public boolean keepsMd5() {
        return !"false".equals(properties.get(MD5));
    }

    /// The bucket with these leaves changed; an empty value removes a leaf, back to its default. AIStore's
    /// mirror and our number of copies are the same thing, so that each follows the other.
    public Bucket changed(Map<String, String> changes) {
        SortedMap<String, String> next = new TreeMap<>(properties);
        changes.forEach((name, value) -> put(next, name, value));
        if (changes.containsKey(COPIES)) {
            boolean mirrored = !next.getOrDefault(COPIES, "1").equals("1");
            put(next, MIRROR, mirrored ? "true" : "");
            put(next, MIRROR_COPIES, mirrored ? next.getOrDefault(COPIES, "") : "");
        } else if (changes.containsKey(MIRROR) || changes.containsKey(MIRROR_COPIES)) {
            boolean mirrored = next.getOrDefault(MIRROR, "false").equals("true");
            put(next, COPIES, mirrored ? next.getOrDefault(MIRROR_COPIES, MIRROR_DEFAULT) : "");
        }
        return withProperties(next);
    }

    private static void put(SortedMap<String, String> leaves, String name, String value) {
        if (value.isEmpty()) {
            leaves.remove(name);
        } else {
            leaves.put(name, value);
        }
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
