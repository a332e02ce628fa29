package io.forebay.cluster.watch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The newest commands, each with the version of the state that it made: bounded in number and bytes,
/// without gaps. Not safe to share between threads.
final class CommandHistory {
    private final int maxCommands;
    private final long maxBytes;
    private final Deque<byte[]> commands = new ArrayDeque<>();
    private long bytes;
    private long last;

    CommandHistory(int maxCommands, long maxBytes) {
        this.maxCommands = maxCommands;
        this.maxBytes = maxBytes;
    }

    /// Notes the command that made that version.
    void add(long version, byte[] command) {
        if (version != last + 1) {
            forget(version - 1);
        }
        last = version;
        commands.addLast(command);
        bytes += command.length;
        while (commands.size() > maxCommands || bytes > maxBytes) {
            bytes -= commands.removeFirst().length;
        }
    }

    /// Begins anew behind that version: how it was made is not known.
    void forget(long version) {
        commands.clear();
        bytes = 0;
        last = version;
    }

    /// The commands that lead from that version to the last one; null when they are not all known.
    @Nullable
    List<byte[]> since(long version) {
        long wanted = last - version;
        if (wanted < 0 || wanted > commands.size()) {
            return null;
        }
        return new ArrayList<>(commands).subList(commands.size() - Math.toIntExact(wanted), commands.size());
    }
}
