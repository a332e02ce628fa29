package io.forebay.protocol.api.bucket;

import static io.forebay.protocol.api.bucket.BucketProperty.flag;
import static io.forebay.protocol.api.bucket.BucketProperty.number;
import static io.forebay.protocol.api.bucket.BucketProperty.text;
import static io.forebay.protocol.api.bucket.BucketProperty.value;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.protocol.api.bucket.BucketProperty.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The catalogue of bucket properties: AIStore's (`cmn/api.go`) and, under `forebay`, ours.
///
/// A bucket keeps only the leaves that were set, by dotted name; the JSON that clients see is always
/// complete.
public final class BucketProperties {
    /// The most copies of an object that a bucket may ask for.
    public static final int MAX_COPIES = 8;

    private static final String NO_EC = "erasure coding is not offered";
    private static final String NO_LIMIT = "rate limiting is not offered";
    private static final String NO_BACKEND = "remote backends are not offered";
    private static final String NO_EVICTION = "buckets without a remote backend are never evicted";

    /// Bits that AIStore admits for one bucket (`cmn/feat/feat.go`).
    private static final long BUCKET_FEATURES =
            1L << 1 | 1L << 4 | 1L << 9 | 1L << 11 | 1L << 12 | 1L << 14 | 1L << 18 | 1L << 21 | 1L << 24;

    private static final String FEATURES = "features";
    private static final String FORCE = "force";

    private static final Map<String, BucketProperty> CATALOGUE = catalogue();

    private BucketProperties() {}

    /// The property leaves that a `set-bprops` or `create-bck` value changes, by dotted name, as they are
    /// kept: an empty text sets a leaf back to its default. Throws INVALID_ARGUMENT for an unknown name or
    /// a value against its rule, UNSUPPORTED for one that asks for what is not offered.
    public static Map<String, String> changes(Map<?, ?> tree) {
        Map<String, String> changes = new TreeMap<>();
        flatten("", tree, changes);
        String features = changes.getOrDefault(FEATURES, "0");
        Check.argument(
                (Long.parseUnsignedLong(features) & ~BUCKET_FEATURES) == 0,
                "invalid \"features\" value %s: not features of a bucket",
                features);
        return changes;
    }

    /// Whether there is a property leaf of that dotted name.
    public static boolean isLeaf(String name) {
        return CATALOGUE.containsKey(name);
    }

    /// The kept value of a property leaf in its JSON type.
    public static Object json(String name, String value) {
        BucketProperty property = CATALOGUE.get(name);
        Check.that(property != null, "there is no bucket property %s", name);
        return property == null ? value : property.json(value);
    }

    /// All properties as clients see them. `set` has the leaves that were set.
    public static Map<String, Object> json(BucketName bucket, long id, long createdMillis, Map<String, String> set) {
        Map<String, Object> root = new LinkedHashMap<>();
        for (String group : List.of("extra.aws", "extra.gcp", "extra.oci")) {
            parent(root, group + ".");
        }
        for (BucketProperty property : CATALOGUE.values()) {
            String value = set.getOrDefault(property.name(), property.defaultValue());
            if (!property.isOmitted() || !value.isEmpty()) {
                put(root, property.name(), property.json(value));
            }
        }
        root.put("provider", bucket.provider().wireName());
        root.put("Renamed", "");
        root.put("bid", Long.toUnsignedString(id));
        root.put("created", Long.toString(createdMillis * 1_000_000));
        return root;
    }

    private static void flatten(String prefix, Map<?, ?> tree, Map<String, String> changes) {
        tree.forEach((key, value) -> {
            String name = prefix + key.toString().toLowerCase(Locale.ROOT);
            if (value instanceof Map<?, ?> group && isGroup(name)) {
                flatten(name + ".", group, changes);
            } else if (value != null && !name.equals(FORCE)) {
                BucketProperty property = CATALOGUE.get(name);
                Check.argument(property != null, "unknown bucket property \"%s\"", name);
                if (property != null) {
                    changes.put(property.name(), property.parse(value));
                }
            } else if (value == null) {
                Check.argument(isKnown(name), "unknown bucket property \"%s\"", name);
            }
        });
    }

    private static boolean isKnown(String name) {
        return name.equals(FORCE) || CATALOGUE.containsKey(name) || isGroup(name);
    }

    private static boolean isGroup(String name) {
        String prefix = name + ".";
        return CATALOGUE.keySet().stream().anyMatch(leaf -> leaf.startsWith(prefix));
    }

    private static void put(Map<String, Object> root, String name, Object value) {
        int dot = name.lastIndexOf('.');
        parent(root, name).put(name.substring(dot + 1), value);
    }

    /// The group that holds a leaf, made where it is missing.
    private static Map<String, Object> parent(Map<String, Object> root, String leaf) {
        Map<String, Object> group = root;
        int from = 0;
        for (int dot = leaf.indexOf('.'); dot >= 0; dot = leaf.indexOf('.', from)) {
            group = child(group, leaf.substring(from, dot));
            from = dot + 1;
        }
        return group;
    }

    @SuppressWarnings("unchecked") // Groups are only ever put here, as maps of this type.
    private static Map<String, Object> child(Map<String, Object> group, String name) {
        @Nullable Object child = group.get(name);
        if (child == null) {
            Map<String, Object> made = new LinkedHashMap<>();
            group.put(name, made);
            return made;
        }
        if (child instanceof Map<?, ?>) {
            return (Map<String, Object>) child;
        }
        throw new StoreException(ErrorCode.INTERNAL, "bucket property " + name + " is both a group and a leaf");
    }

    private static Map<String, BucketProperty> catalogue() {
        Map<String, BucketProperty> catalogue = new LinkedHashMap<>();
        add(catalogue, data());
        add(catalogue, extra());
        add(catalogue, rateLimit("rate_limit.backend."));
        add(catalogue, List.of(number("rate_limit.backend.num_retries", 3, 0, 100)));
        add(catalogue, rateLimit("rate_limit.frontend."));
        add(catalogue, List.of(number("rate_limit.frontend.burst_size", 375, 1, 1_000_000)));
        add(catalogue, redundancy());
        add(catalogue, upkeep());
        return catalogue;
    }

    private static void add(Map<String, BucketProperty> catalogue, List<BucketProperty> properties) {
        properties.forEach(property -> catalogue.put(property.name(), property));
    }

    private static List<BucketProperty> data() {
        return List.of(
                text("backend_bck.name", "").fixed(NO_BACKEND),
                text("backend_bck.provider", "").fixed(NO_BACKEND),
                text("backend_bck.namespace.uuid", "").fixed(NO_BACKEND),
                text("backend_bck.namespace.name", "").fixed(NO_BACKEND),
                text("write_policy.data", "immediate", "immediate", "delayed", "never"),
                text("write_policy.md", "immediate", "immediate", "delayed", "never"),
                text("checksum.type", "xxhash2", "none", "xxhash", "xxhash2", "md5", "crc32c", "sha256", "sha512"),
                flag("checksum.validate_cold_get", false),
                flag("checksum.validate_warm_get", false),
                flag("checksum.validate_obj_move", false),
                flag("checksum.enable_read_range", false));
    }

    private static List<BucketProperty> extra() {
        return List.of(
                text("extra.aws.cloud_region", "").omittedWhenEmpty(),
                text("extra.aws.endpoint", "").omittedWhenEmpty(),
                text("extra.aws.profile", "").omittedWhenEmpty(),
                text("extra.gcp.application_creds", "").omittedWhenEmpty(),
                text("extra.oci.region", "").omittedWhenEmpty(),
                text("extra.custom", "").omittedWhenEmpty());
    }

    private static List<BucketProperty> rateLimit(String prefix) {
        return List.of(
                text(prefix + "per_op_max_tokens", "").omittedWhenEmpty(),
                value(prefix + "interval", Kind.DURATION, "1m"),
                number(prefix + "max_tokens", 1000, 1, 1_000_000_000),
                flag(prefix + "enabled", false).fixed(NO_LIMIT));
    }

    private static List<BucketProperty> redundancy() {
        return List.of(
                text("ec.compression", "never", "never", "always"),
                number("ec.bundle_multiplier", 2, 0, 16),
                number("ec.burst_buffer", 512, 0, 8192),
                number("ec.objsize_limit", 262144, 0, Long.MAX_VALUE),
                number("ec.data_slices", 2, 1, 32),
                number("ec.parity_slices", 2, 1, 32),
                flag("ec.enabled", false).fixed(NO_EC),
                flag("ec.disk_only", false),
                value("chunks.objsize_limit", Kind.SIZE, "0"),
                value("chunks.max_monolithic_size", Kind.SIZE, Long.toString(1L << 40)),
                value("chunks.chunk_size", Kind.SIZE, Long.toString(1L << 30)),
                number("chunks.checkpoint_every", 0, 0, 10_000),
                number("chunks.flags", 0, 0, Long.MAX_VALUE),
                number("mirror.copies", 2, 2, MAX_COPIES),
                number("mirror.burst_buffer", 512, 0, 8192),
                flag("mirror.enabled", false));
    }

    private static List<BucketProperty> upkeep() {
        return List.of(
                value("lru.dont_evict_time", Kind.DURATION, "2h0m"),
                value("lru.capacity_upd_time", Kind.DURATION, "10m"),
                number("lru.batch_size", 32768, 1, 1_000_000),
                flag("lru.enabled", false).fixed(NO_EVICTION),
                value("access", Kind.MASK, AccessMask.ALL.toString()),
                value(FEATURES, Kind.MASK, "0"),
                flag("versioning.enabled", true),
                flag("versioning.validate_warm_get", false),
                flag("versioning.synchronize", false),
                text("forebay.durability", "group", "none", "group", "strict"),
                flag("forebay.md5", true),
                number("forebay.copies", 1, 1, MAX_COPIES));
    }
}
