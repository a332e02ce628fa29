package io.forebay.cluster.raft;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;

/// The folder of a command log: whose it is, and whether what it holds can be used. Safe to share between
/// threads.
final class LogFolder {
    private final Path path;
    private GroupFile file;

    private LogFolder(Path path, GroupFile file) {
        this.path = path;
        this.file = file;
    }

    /// Opens a folder that is locked; an empty one is given to the group of a first start. Throws as
    /// `GroupFile.open`.
    static LogFolder open(Path path, NodeId self, Supplier<GroupFile> ofAFirstStart) {
        return new LogFolder(path, GroupFile.open(path, self, ofAFirstStart));
    }

    synchronized GroupFile file() {
        return file;
    }

    GroupFile.Phase phase() {
        return file().phase();
    }

    synchronized void reached(GroupFile.Phase phase) {
        file = file.reached(phase, path);
    }

    /// Where Ratis keeps its files.
    Path log() {
        return path.resolve("log");
    }

    private Path segments() {
        return log().resolve(file().group().toString()).resolve("current");
    }

    /// Makes the log ready to be opened. Throws CORRUPT when it is gone, or damaged before its end.
    void prepare() throws IOException {
        // Ratis would begin a new log in a folder without this file.
        if (phase() == GroupFile.Phase.STARTED && !Files.exists(segments().resolve("raft-meta"))) {
            throw new StoreException(
                    ErrorCode.CORRUPT, "what folder " + segments() + " held of the command log is gone");
        }
        Files.createDirectories(log());
        LogTail.repair(segments());
    }

    /// Whether the log says that this node is the only member, and always was.
    boolean isAlone() throws IOException {
        Path configuration = segments().resolve("raft-meta.conf");
        if (!Files.exists(configuration)) {
            return phase() == GroupFile.Phase.NEW;
        }
        try (InputStream in = Files.newInputStream(configuration)) {
            RaftConfigurationProto members = LogEntryProto.parseFrom(in).getConfigurationEntry();
            List<RaftPeerProto> peers = members.getPeersList();
            return members.getOldPeersCount() == 0
                    && peers.size() == 1
                    && peers.getFirst()
                            .getId()
                            .toStringUtf8()
                            .equals(file().node().value());
        }
    }

    /// Begins again as a node that joins that group: what is here is of a membership that has ended.
    synchronized void joinAgain(GroupFile joining) throws IOException {
        if (Files.isDirectory(log())) {
            try (Stream<Path> inside = Files.walk(log())) {
                for (Path each : inside.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
        file = joining;
        joining.write(path);
    }
}
