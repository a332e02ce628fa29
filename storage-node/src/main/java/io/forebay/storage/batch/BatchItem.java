package io.forebay.storage.batch;

import io.forebay.common.model.BucketName;
import io.forebay.common.model.ObjectKey;
import io.forebay.protocol.api.batch.BatchEntry;
import io.forebay.protocol.api.batch.BatchResult;
import org.jspecify.annotations.Nullable;

/// One entry of a batch, validated.
///
/// @param member of the archive that the object is; empty for the object itself
/// @param range as a `Range` header has it; null for all bytes
/// @param exactLength how many bytes the range must have, or -1
/// @param name in the archive that is made
/// @param opaque what is given back with it, or null
public record BatchItem(
        ObjectKey key,
        String member,
        @Nullable String range,
        long exactLength,
        String name,
        @Nullable String opaque) {
    /// Throws INVALID_ARGUMENT and RANGE_NOT_SATISFIABLE.
    ///
    /// @param fallback the bucket of entries that name none, or null
    /// @param onlyObjectName whether the name is without the bucket's
    public static BatchItem of(BatchEntry entry, @Nullable BucketName fallback, boolean onlyObjectName) {
        ObjectKey key = entry.key(fallback);
        String object = onlyObjectName ? key.name() : key.bucket().name() + "/" + key.name();
        String member = entry.member().startsWith("/") ? entry.member().substring(1) : entry.member();
        return new BatchItem(
                key,
                member,
                entry.range(),
                entry.length() > 0 ? entry.length() : -1,
                member.isEmpty() ? object : object + "/" + member,
                entry.standardOpaque());
    }

    /// What became of it.
    BatchResult.Entry result(long size, @Nullable String error) {
        return new BatchResult.Entry(
                key.name(),
                member.isEmpty() ? null : member,
                key.bucket().name(),
                key.bucket().provider().wireName(),
                error,
                opaque,
                size);
    }
}
