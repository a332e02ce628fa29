package io.forebay.storage.http;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import io.forebay.common.io.Checksummer;
import io.forebay.common.io.Checksummers;
import io.forebay.common.io.FileSlice;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.object.ContentCheck;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.ReadOutcome;
import io.forebay.storage.object.Waiting;
import java.nio.ByteBuffer;

/// Reads stored bytes again to see whether they still have their checksum. Waits for the disk.
final class StoredChecks {
    private final ObjectStore store;

    StoredChecks(ObjectStore store) {
        this.store = store;
    }

    /// Throws CORRUPT when an object's bytes do not have the checksum stored with them, or a part's have not. Absent
    /// objects, and those without any checksum, pass.
    void verify(Bucket bucket, ObjectKey key) {
        ReadOutcome outcome = store.read(bucket, key, Waiting.ALLOWED, ReadOutcome.Choice.ALL);
        if (outcome instanceof ReadOutcome.Found found) {
            try {
                ContentCheck.Mismatch mismatch = new ContentCheck().mismatch(found.record(), found.slices());
                if (mismatch != null) {
                    store.reportDamage(
                            bucket, key, found.record(), "its bytes do not have their checksum: " + mismatch);
                    throw new StoreException(ErrorCode.CORRUPT, "BAD DATA CHECKSUM: " + key + " (" + mismatch + ")");
                }
            } finally {
                found.slices().forEach(FileSlice::close);
            }
        }
    }

    /// The checksum of a source's bytes; it stays open.
    static Checksum of(ChecksumType type, ByteSource bytes) {
        Checksummer checksummer = Checksummers.of(type);
        for (ByteBuffer next = bytes.next(); next != null; next = bytes.next()) {
            checksummer.update(next);
        }
        return checksummer.finish();
    }
}
