package io.forebay.storage.object;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which volumes a node has, by id and path, and what is known of where their objects are: a small file in the node's
/// data folder, replaced as a whole and synced before anything relies on it. Paths inside that folder are written
/// relative to it, so that the folder may be moved or copied.
///
/// @param volumes in the order in which they were given
/// @param settled the ids of the volumes over which every object is placed; empty when that is not so
/// @param removed the ids of volumes that were taken away for good
record VolumeRoster(List<Entry> volumes, Set<String> settled, Set<String> removed) {
    private static final String FORMAT = "1";

    /// One volume.
    ///
    /// @param state what an operator wants of it: a failed volume is `enabled` or `draining`
    /// @param absentSince as `Member` has it
    record Entry(String id, String path, VolumeStatus.State state, long absentSince) {}

    /// The roster in a file; null when there is no such file. Throws CORRUPT or VOLUME_FAILED.
    static @Nullable VolumeRoster read(Path file) {
        if (!Files.exists(file)) {
            return null;
        }
        Properties text = new Properties();
        Path home = home(file);
        try {
            text.load(new StringReader(Files.readString(file)));
            if (!FORMAT.equals(text.getProperty("format"))) {
                throw new StoreException(
                        ErrorCode.INVALID_ARGUMENT,
                        "the list of volumes " + file + " has format " + text.getProperty("format")
                                + ": this Forebay reads format " + FORMAT);
            }
            List<Entry> volumes = new ArrayList<>();
            for (int number = 1; text.containsKey(key(number, "id")); number++) {
                volumes.add(new Entry(
                        text.getProperty(key(number, "id")),
                        home.resolve(text.getProperty(key(number, "path"), ""))
                                .normalize()
                                .toString(),
                        VolumeStatus.State.valueOf(
                                text.getProperty(key(number, "state"), "").toUpperCase(Locale.ROOT)),
                        Long.parseLong(text.getProperty(key(number, "absent"), "0"))));
            }
            return new VolumeRoster(
                    volumes, ids(text.getProperty("settled", "")), ids(text.getProperty("removed", "")));
        } catch (IllegalArgumentException e) {
            throw new StoreException(
                    ErrorCode.CORRUPT, "the list of volumes " + file + " cannot be read: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new StoreException(
                    ErrorCode.VOLUME_FAILED, "the list of volumes " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /// Replaces the file; on stable storage when this returns. Throws VOLUME_FAILED.
    void write(Path file) {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Path folder = home(file);
        try {
            try (FileChannel channel = FileChannel.open(
                    fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = StandardCharsets.UTF_8.encode(text(home(file)));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        } catch (IOException e) {
            throw new StoreException(
                    ErrorCode.VOLUME_FAILED, "cannot write the list of volumes " + file + ": " + e.getMessage(), e);
        }
    }

    private String text(Path home) {
        StringBuilder text = new StringBuilder("# The volumes of a storage node. Use: forebay volume\nformat=");
        text.append(FORMAT).append('\n');
        for (int index = 0; index < volumes.size(); index++) {
            Entry entry = volumes.get(index);
            line(text, key(index + 1, "id"), entry.id);
            line(text, key(index + 1, "path"), within(home, entry.path).replace("\\", "\\\\"));
            line(text, key(index + 1, "state"), entry.state.name().toLowerCase(Locale.ROOT));
            line(text, key(index + 1, "absent"), Long.toString(entry.absentSince));
        }
        line(text, "settled", String.join(",", settled));
        line(text, "removed", String.join(",", removed));
        return text.toString();
    }

    /// The folder that a list is in.
    private static Path home(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        return Objects.requireNonNullElse(absolute.getParent(), absolute);
    }

    private static String within(Path home, String path) {
        Path volume = Path.of(path);
        return volume.startsWith(home) ? home.relativize(volume).toString() : path;
    }

    private static void line(StringBuilder text, String key, String value) {
        text.append(key).append('=').append(value).append('\n');
    }

    private static String key(int number, String what) {
        return "volume." + number + "." + what;
    }

    private static Set<String> ids(String text) {
        return text.isBlank()
                ? Set.of()
                : new LinkedHashSet<>(List.of(text.strip().split(",")));
    }
}
