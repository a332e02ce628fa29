package io.forebay.cluster.raft;

import io.forebay.cluster.state.Applied;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.watch.CommandLog;
import io.forebay.cluster.watch.CurrentState;
import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.lifecycle.Closing;
import io.forebay.common.lifecycle.Service;
import io.forebay.common.metrics.Histogram;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.NodeId;
import io.forebay.common.time.Ticker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.ratis.io.CorruptedFileException;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.ChecksumException;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.jspecify.annotations.Nullable;

/// The command log as a member of a Raft group, most often the only one. Safe to share between threads.
///
/// A command is acknowledged after a majority has synced its log, so it survives the end of any process. The folder
/// belongs to this log alone, and the states go to a `CurrentState` that nobody else publishes to. Started once.
public final class RaftCommandLog implements CommandLog, Service {
    /// Loggers are kept, because the JDK forgets the level of one that nobody holds.
    private static final Logger RATIS_LOG = Logger.getLogger("org.apache.ratis");

    /// Logs the stack of every failed start, which is thrown anyway.
    private static final Logger LIFE_CYCLE_LOG = Logger.getLogger("org.apache.ratis.util.LifeCycle");

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final String ID_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int LETTERS = 52;
    private static final int ID_LENGTH = 12;

    private final RaftConfig config;
    private final NodeId self;
    private final Path folder;
    private final Membership membership;
    private final CurrentState state;
    private final ClusterStateMachine machine;
    private final ClientId client = ClientId.randomId();
    private final AtomicLong calls = new AtomicLong();
    private final Histogram submitTime;
    private final LongAdder changed;
    private final LongAdder refused;
    private final LongAdder failed;
    private volatile @Nullable Running running;

    /// What is there between start and close.
    private record Running(RaftGroupId group, RaftServer server, Closing closing) {}

    /// The log of a group of one, which opens no port.
    public RaftCommandLog(RaftConfig config, NodeId self, Path folder, CurrentState state, Metrics metrics) {
        this(config, self, folder, new Membership.Alone(UUID.randomUUID()), state, metrics);
    }

    RaftCommandLog(
            RaftConfig config, NodeId self, Path folder, Membership membership, CurrentState state, Metrics metrics) {
        this.config = config;
        this.self = self;
        this.folder = folder;
        this.membership = membership;
        this.state = state;
        this.machine = new ClusterStateMachine(state, metrics);
        this.submitTime = metrics.histogram(RaftMetric.SUBMIT, "");
        this.changed = metrics.counter(RaftMetric.COMMANDS, "outcome=\"changed\"");
        this.refused = metrics.counter(RaftMetric.COMMANDS, "outcome=\"refused\"");
        this.failed = metrics.counter(RaftMetric.COMMANDS, "outcome=\"failed\"");
        metrics.gauge(RaftMetric.VERSION, "", () -> state.current().version());
        if (RATIS_LOG.getLevel() == null) {
            RATIS_LOG.setLevel(Level.WARNING);
            LIFE_CYCLE_LOG.setLevel(Level.OFF);
        }
    }

    /// Returns when this node leads, has applied its log and published the state, which has a cluster id from the first
    /// start on; as a follower among others, when it knows a leader.
    ///
    /// Throws IN_USE when the folder is used by another process, node or program, UNSUPPORTED when a newer Forebay
    /// wrote it, CORRUPT when what it holds is damaged, DEADLINE_EXCEEDED when no leader was found in time.
    @Override
    public void start() {
        Check.that(running == null, "the command log in %s is already started", folder);
        Closing closing = new Closing();
        try {
            closing.add(FolderLock.take(folder));
            GroupFile group = GroupFile.open(folder, self, membership.group());
            RaftGroupId id = RaftGroupId.valueOf(group.group());
            RaftServer server = closing.add(build(group, id));
            server.start();
            long deadline = Ticker.SYSTEM.nanos() + config.startPatience().toNanos();
            await(machine.ready(), deadline, "the command log in " + folder + " found no leader in time");
            group.noteStarted(folder);
            running = new Running(id, server, closing);
            machine.publishFromNowOn();
            found();
        } catch (IOException | RuntimeException e) {
            running = null;
            StoreException failure = whyNotStarted(e);
            closeAfter(failure, closing);
            throw failure;
        }
    }

    private RaftServer build(GroupFile group, RaftGroupId id) throws IOException {
        Path log = folder.resolve("log");
        Path ofGroup = log.resolve(group.group().toString());
        Path segments = ofGroup.resolve("current");
        // Ratis would begin a new log in a folder without this file.
        if (group.started() && !Files.exists(segments.resolve("raft-meta"))) {
            throw new StoreException(ErrorCode.CORRUPT, "what folder " + segments + " held of the command log is gone");
        }
        Files.createDirectories(log);
        LogTail.repair(segments);
        return RaftServer.newBuilder()
                .setServerId(RaftPeerId.valueOf(self.value()))
                .setGroup(RaftGroup.valueOf(id, membership.peers(self)))
                .setStateMachine(machine)
                .setProperties(membership.properties(self, log, config.snapshotEvery()))
                .setOption(RaftStorage.StartupOption.RECOVER)
                .build();
    }

    /// Names the cluster when this node leads a log that has just begun.
    private void found() throws IOException {
        Running current = running();
        if (state.current().clusterId().isEmpty()
                && current.server.getDivision(current.group).getInfo().isLeader()) {
            submit(new Command.Found(randomId(), InstantSource.system().millis()));
        }
    }

    private static String randomId() {
        SecureRandom random = new SecureRandom();
        StringBuilder id = new StringBuilder(ID_LENGTH);
        id.append(ID_CHARACTERS.charAt(random.nextInt(LETTERS)));
        while (id.length() < ID_LENGTH) {
            id.append(ID_CHARACTERS.charAt(random.nextInt(ID_CHARACTERS.length())));
        }
        return id.toString();
    }

    private StoreException whyNotStarted(Exception failure) {
        if (machine.failed().isCompletedExceptionally()
                && machine.failed().exceptionNow() instanceof StoreException known) {
            return known;
        }
        if (failure instanceof StoreException known) {
            return known;
        }
        Throwable root = failure;
        for (Throwable cause = root.getCause(); cause != null; cause = cause.getCause()) {
            root = cause;
        }
        boolean isDamaged = root instanceof ChecksumException || root instanceof CorruptedFileException;
        return new StoreException(
                isDamaged ? ErrorCode.CORRUPT : ErrorCode.VOLUME_FAILED,
                "the command log in " + folder + " cannot be opened: " + root.getMessage(),
                failure);
    }

    private static void closeAfter(StoreException failure, Closing closing) {
        try {
            closing.close();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    @Override
    public Applied submit(Command command) {
        long begin = Ticker.SYSTEM.nanos();
        try {
            Applied applied =
                    order(new Submission(command), begin + config.patience().toNanos());
            LongAdder outcome = switch (applied) {
                case Applied.Changed result -> changed;
                case Applied.Refused result -> refused;
            };
            outcome.increment();
            submitTime.record(Ticker.SYSTEM.nanos() - begin);
            return applied;
        } catch (StoreException e) {
            failed.increment();
            throw e;
        }
    }

    /// Sends the command through the log. When the leadership ended meanwhile, the same request is sent again: Ratis
    /// knows it by its id and applies it once.
    private Applied order(Submission submission, long deadline) {
        Running current = running();
        RaftClientRequest request = RaftClientRequest.newBuilder()
                .setClientId(client)
                .setServerId(RaftPeerId.valueOf(self.value()))
                .setGroupId(current.group)
                .setCallId(calls.incrementAndGet())
                .setMessage(submission)
                .setType(RaftClientRequest.writeRequestType())
                .build();
        while (true) {
            await(machine.ready(), deadline, "the command log has no leader");
            RaftClientReply reply = await(
                    send(current.server, request),
                    deadline,
                    "the command was not ordered within " + config.patience().toMillis() + " ms; it still may be");
            if (reply.isSuccess()) {
                Applied applied = submission.applied();
                return applied == null ? Outcome.parse(reply.getMessage(), state.current()) : applied;
            }
            refuseUnlessPassing(reply);
            LockSupport.parkNanos(RETRY_NANOS);
        }
    }

    private CompletableFuture<RaftClientReply> send(RaftServer server, RaftClientRequest request) {
        try {
            return server.submitClientRequestAsync(request);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void refuseUnlessPassing(RaftClientReply reply) {
        switch (reply.getException()) {
            case LeaderNotReadyException passing -> {}
            case NotLeaderException elsewhere -> {
                RaftPeer leader = elsewhere.getSuggestedLeader();
                if (leader != null && !leader.getId().toString().equals(self.value())) {
                    throw new StoreException(ErrorCode.NOT_LEADER, "the command log is led by " + leader.getId());
                }
            }
            case null, default ->
                throw new StoreException(ErrorCode.INTERNAL, "the command log refused a command", reply.getException());
        }
    }

    /// The future's value. Throws what the state machine failed by, DEADLINE_EXCEEDED with `late` after the deadline,
    /// NODE_UNAVAILABLE when the log was closed meanwhile.
    private <T> T await(CompletableFuture<T> future, long deadline, String late) {
        try {
            long patience = Math.max(0, deadline - Ticker.SYSTEM.nanos());
            CompletableFuture.anyOf(future, machine.failed()).get(patience, TimeUnit.NANOSECONDS);
            return future.join();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StoreException known) {
                throw new StoreException(known.code(), known.text(), e);
            }
            throw new StoreException(ErrorCode.NODE_UNAVAILABLE, "the command log in " + folder + " is closed", e);
        } catch (TimeoutException e) {
            throw new StoreException(ErrorCode.DEADLINE_EXCEEDED, late, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(ErrorCode.DEADLINE_EXCEEDED, "interrupted while waiting for the command log", e);
        }
    }

    private Running running() {
        Running current = running;
        if (current == null) {
            throw new StoreException(ErrorCode.NODE_UNAVAILABLE, "the command log in " + folder + " is not started");
        }
        return current;
    }

    @Override
    public void close() {
        Running current = running;
        running = null;
        if (current != null) {
            try {
                current.closing.close();
            } finally {
                // Whoever still waits for a leader waits in vain.
                machine.end(
                        new StoreException(ErrorCode.NODE_UNAVAILABLE, "the command log in " + folder + " is closed"));
            }
        }
    }
}
