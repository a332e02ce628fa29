package io.forebay.cluster.raft;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// What a log folder belongs to: one line `forebay-command-log FORMAT NODE GROUP PHASE` in the file `group`.
///
/// @param node the member whose log it is
/// @param group the Raft group's id, decided when the group was founded
record GroupFile(NodeId node, UUID group, Phase phase) {
    static final String FILE = "group";

    private static final String MAGIC = "forebay-command-log";
    private static final String FORMAT = "1";
    private static final Set<String> OF_A_FIRST_START = Set.of(FolderLock.FILE, FILE + DurableFile.TEMPORARY_SUFFIX);

    enum Phase {
        /// The group is being founded by this node.
        NEW,
        /// The node waits until the group's leader makes it a voter.
        JOINING,
        /// A start succeeded: from then on the log must be there.
        STARTED,
        /// The node was removed from the group.
        LEFT;

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// The folder's group; an empty folder is given to the group of a first start. Throws IN_USE when it
    /// belongs to another node or to another program, UNSUPPORTED when a newer Forebay wrote it,
    /// VOLUME_FAILED on an I/O error.
    static GroupFile open(Path folder, NodeId self, Supplier<GroupFile> ofAFirstStart) {
        Path file = folder.resolve(FILE);
        try {
            if (Files.exists(file)) {
                GroupFile found = parse(folder, Files.readString(file, StandardCharsets.UTF_8));
                if (!found.node.equals(self)) {
                    throw new StoreException(
                            ErrorCode.IN_USE, "folder " + folder + " belongs to node " + found.node + ", not " + self);
                }
                return found;
            }
            refuseForeignFiles(folder);
        } catch (IOException e) {
            throw new StoreException(ErrorCode.VOLUME_FAILED, "file " + file + " failed: " + e.getMessage(), e);
        }
        GroupFile made = ofAFirstStart.get();
        made.write(folder);
        return made;
    }

    /// Notes the phase that was reached; gives the file as it is then.
    GroupFile reached(Phase reached, Path folder) {
        if (phase == reached) {
            return this;
        }
        GroupFile next = new GroupFile(node, group, reached);
        next.write(folder);
        return next;
    }

    void write(Path folder) {
        String line = String.join(" ", MAGIC, FORMAT, node.value(), group.toString(), phase.word());
        try {
            DurableFile.write(folder.resolve(FILE), (line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new StoreException(
                    ErrorCode.VOLUME_FAILED, "folder " + folder + " cannot be written: " + e.getMessage(), e);
        }
    }

    private static GroupFile parse(Path folder, String text) {
        List<String> words = List.of(text.strip().split(" ", -1));
        if (words.size() < 2 || !words.getFirst().equals(MAGIC)) {
            throw new StoreException(ErrorCode.IN_USE, "folder " + folder + " belongs to another program");
        }
        if (!words.get(1).equals(FORMAT)) {
            throw new StoreException(
                    ErrorCode.UNSUPPORTED,
                    "folder " + folder + " was written by a newer Forebay: its format is " + words.get(1)
                            + ", this version knows " + FORMAT);
        }
        try {
            Phase phase = Phase.valueOf(words.get(4).toUpperCase(Locale.ROOT));
            return new GroupFile(new NodeId(words.get(2)), UUID.fromString(words.get(3)), phase);
        } catch (IndexOutOfBoundsException | IllegalArgumentException | StoreException e) {
            throw new StoreException(ErrorCode.CORRUPT, "file " + folder.resolve(FILE) + " is damaged", e);
        }
    }

    private static void refuseForeignFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            files.map(path -> String.valueOf(path.getFileName()))
                    .filter(name -> !OF_A_FIRST_START.contains(name))
                    .findFirst()
                    .ifPresent(name -> {
                        throw new StoreException(
                                ErrorCode.IN_USE,
                                "folder " + folder + " is no command log of Forebay: it holds \"" + name + "\"");
                    });
        }
    }
}
