package io.forebay.protocol.api.bucket;

import io.forebay.common.model.BucketName;
import io.forebay.common.model.Namespace;
import io.forebay.common.model.Provider;
import org.jspecify.annotations.Nullable;

/// A bucket as messages name it. Every part may be missing on input.
public record BucketReference(
        @Nullable String name, @Nullable String provider, BucketReference.@Nullable Space namespace) {

    /// A namespace in a message.
    public record Space(@Nullable String uuid, @Nullable String name) {}

    public static BucketReference of(BucketName bucket) {
        Namespace namespace = bucket.namespace();
        return new BucketReference(
                bucket.name(), bucket.provider().wireName(), new Space(namespace.uuid(), namespace.name()));
    }

    /// Whether the message names no bucket at all.
    public boolean namesNone() {
        return name == null || name.isEmpty();
    }

    /// Throws INVALID_ARGUMENT when a part breaks its rule.
    public BucketName bucketName() {
        Space space = namespace;
        return new BucketName(
                Provider.parse(text(provider)),
                space == null ? Namespace.GLOBAL : new Namespace(text(space.uuid()), text(space.name())),
                text(name));
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
