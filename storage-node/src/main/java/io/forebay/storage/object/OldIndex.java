package io.forebay.storage.object;

import io.forebay.common.error.StoreException;
import io.forebay.storage.metadata.Index;
import io.forebay.storage.metadata.IndexMemory;
import io.forebay.storage.metadata.LogState;
import io.forebay.storage.volume.LogPosition;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The index that a rebuilt one takes the place of, as far as it can be read.
///
/// @param index null when it cannot be opened
/// @param flushed up to where it has the log; null when it has nothing or does not say
/// @param failure why it cannot be opened or does not say; null when all is well
record OldIndex(
        @Nullable Index index,
        @Nullable LogPosition flushed,
        @Nullable String failure) implements AutoCloseable {
    static OldIndex open(Path folder, IndexMemory memory) {
        if (!Files.isDirectory(folder)) {
            return new OldIndex(null, null, "there is none");
        }
        Index index = null;
        try {
            index = Index.openUnverified(folder, memory);
            LogState state = LogState.read(index);
            LogPosition flushed =
                    state == null ? null : new LogPosition(state.segment(), state.offset(), state.sequence());
            return new OldIndex(index, flushed, null);
        } catch (StoreException e) {
            if (index != null) {
                index.close();
            }
            return new OldIndex(null, null, e.text());
        }
    }

    @Override
    public void close() {
        if (index != null) {
            index.close();
        }
    }
}
