package io.forebay.storage.rebalance;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/// The settled epoch of which a node has nothing that it does not hold: a small file of the node, so that a
/// start need not look at everything. A file that is lost, old or damaged costs that look and nothing else.
final class CleanMark {
    private static final String CLEAN = "clean";

    private final @Nullable Path file;
    private volatile long epoch;

    /// @param file null to remember nothing
    CleanMark(@Nullable Path file) {
        this.file = file;
        this.epoch = file == null ? 0 : read(file);
    }

    long epoch() {
        return epoch;
    }

    /// Throws VOLUME_FAILED when it cannot be written; it counts until the node stops.
    void set(long next) {
        epoch = next;
        if (file == null) {
            return;
        }
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.writeString(
                    fresh, "# What a storage node has removed since its objects moved.\n" + CLEAN + "=" + next + "\n");
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new StoreException(ErrorCode.VOLUME_FAILED, "cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    private static long read(Path file) {
        if (!Files.exists(file)) {
            return 0;
        }
        try {
            Properties text = new Properties();
            text.load(new StringReader(Files.readString(file)));
            return Long.parseLong(text.getProperty(CLEAN, "0").strip());
        } catch (IOException | IllegalArgumentException e) {
            System.getLogger(CleanMark.class.getName())
                    .log(System.Logger.Level.WARNING, file + " cannot be read: all objects are looked at", e);
            return 0;
        }
    }
}
