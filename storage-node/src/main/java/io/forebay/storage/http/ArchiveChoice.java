package io.forebay.storage.http;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import io.forebay.common.io.FileSlice;
import io.forebay.common.model.ByteRange;
import io.forebay.storage.archive.ArchiveConfig;
import io.forebay.storage.crypto.OpenedRecord;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.object.ReadOutcome;
import io.forebay.storage.object.Sidecar;
import io.forebay.transform.archive.model.SeekableBytes;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// Chooses all of an archive that is encrypted, and has it decrypted: nothing is kept beside it.
final class ArchiveChoice implements ReadOutcome.Choice {
    private final ReadPlan all;
    private final ArchiveConfig config;
    private final BiFunction<Long, Sidecar, @Nullable ByteRange> needed;

    /// @param needed what of an archive is opened that is not encrypted, by its size and what is beside it
    ArchiveChoice(
            ObjectRequest request,
            Encryptions encryptions,
            ArchiveConfig config,
            BiFunction<Long, Sidecar, @Nullable ByteRange> needed) {
        this.config = config;
        this.all = ReadPlan.ofAll(request, encryptions);
        this.needed = needed;
    }

    @Override
    public boolean looksBeside() {
        return true;
    }

    @Override
    public @Nullable ByteRange of(ObjectRecord record) {
        return of(record, Sidecar.NONE);
    }

    @Override
    public @Nullable ByteRange of(ObjectRecord record, Sidecar sidecar) {
        ByteRange chosen = needed.apply(record.size(), sidecar);
        return record.isSealed() ? all.of(record) : chosen;
    }

    /// A record of what was read, as its readers see it.
    ObjectRecord told(ReadOutcome.Found found) {
        return all.told(found.record());
    }

    /// The archive, decrypted; null when it is not encrypted. Throws TOO_LARGE.
    @Nullable
    SeekableBytes decrypted(ReadOutcome.Found found) {
        OpenedRecord opened = all.opened();
        if (opened == null) {
            return null;
        }
        long size = opened.record().size();
        long most = config.maxDecrypted().bytes();
        if (size > most) {
            found.slices().forEach(FileSlice::close);
            throw new StoreException(
                    ErrorCode.TOO_LARGE,
                    "the archive is encrypted and has more than " + most + " bytes (limit max-decrypted)");
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) size);
        try (ByteSource source = ObjectReads.content(all, List.copyOf(found.slices()))) {
            for (ByteBuffer piece = source.next(); piece != null; piece = source.next()) {
                bytes.put(piece);
            }
        }
        return SeekableBytes.of(bytes.flip());
    }
}
