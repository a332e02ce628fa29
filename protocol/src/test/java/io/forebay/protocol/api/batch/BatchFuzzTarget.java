package io.forebay.protocol.api.batch;

import io.forebay.common.model.BucketName;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.model.RangeHeader;
import io.forebay.protocol.api.FuzzedMessage;
import io.forebay.protocol.api.WireJson;
import org.jspecify.annotations.Nullable;

/// Requests of batches: every entry that is taken means one object, and a range that is one.
public final class BatchFuzzTarget {
    private static final BucketName FALLBACK = BucketName.of("bucket");

    private BatchFuzzTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        BatchRequest request = FuzzedMessage.readJson(input, BatchRequest.class);
        if (request != null) {
            request.entries().forEach(BatchFuzzTarget::check);
        }
    }

    private static void check(BatchEntry entry) {
        FuzzedMessage.read(() -> entry.key(null));
        ObjectKey key = FuzzedMessage.read(() -> entry.key(FALLBACK));
        String range = FuzzedMessage.read(() -> String.valueOf(entry.range()));
        if (range != null && entry.range() != null && RangeHeader.parse(range) == null) {
            throw new AssertionError(range + " is no range");
        }
        String opaque = FuzzedMessage.read(() -> String.valueOf(entry.standardOpaque()));
        if (key != null && opaque != null) {
            tell(entry, key, entry.standardOpaque());
        }
    }

    /// What became of it can be told.
    private static void tell(BatchEntry entry, ObjectKey key, @Nullable String opaque) {
        BatchResult.Entry told = new BatchResult.Entry(
                key.name(),
                entry.member(),
                key.bucket().name(),
                key.bucket().provider().wireName(),
                "no " + entry.uname(),
                opaque,
                entry.length());
        FuzzedMessage.same(told, FuzzedMessage.readJson(WireJson.write(told), BatchResult.Entry.class));
        BatchEntry again = new BatchEntry("", "", "", key.uname(), "", opaque, 0, 0);
        FuzzedMessage.same(key, again.key(null));
        FuzzedMessage.same(opaque, again.standardOpaque());
    }
}
