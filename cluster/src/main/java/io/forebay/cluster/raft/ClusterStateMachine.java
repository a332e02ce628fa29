package io.forebay.cluster.raft;

import io.forebay.cluster.codec.CommandCodec;
import io.forebay.cluster.codec.StateCodec;
import io.forebay.cluster.state.Applied;
import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.watch.CurrentState;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.Checksummers;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.time.Ticker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.StateMachineException;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.util.LifeCycle;
import org.apache.ratis.util.MD5FileUtil;
import org.jspecify.annotations.Nullable;

/// Applies the log's commands to the cluster state, in order and on one thread of Ratis.
///
/// States are published only from `publishFromNowOn` on: while a start replays the log, its states are older
/// than what this process had published before, and nobody may act on them.
final class ClusterStateMachine extends BaseStateMachine {
    private final CurrentState published;
    private final Events events;
    private final LongAdder elections;
    private final LongAdder snapshots;
    private final LongAdder snapshotBytes;
    private final LongAdder installed;
    private final SimpleStateMachineStorage storage = new SimpleStateMachineStorage();
    private final CompletableFuture<Void> failed = new CompletableFuture<>();
    private volatile CompletableFuture<Void> ready = new CompletableFuture<>();
    private volatile ClusterState state = ClusterState.EMPTY;
    private volatile boolean publishing;
    private volatile long electedNanos;

    /// What happens to the member beside commands. Told on threads of Ratis.
    interface Events {
        /// This node leads, and has applied whatever was agreed before.
        void leads();

        /// A configuration was agreed that the node is to look at.
        void reconfigured();

        /// Ratis ended this member without being asked to.
        void ended();
    }

    ClusterStateMachine(CurrentState published, Metrics metrics, Events events) {
        this.published = published;
        this.events = events;
        this.elections = metrics.counter(RaftMetric.ELECTIONS, "");
        this.snapshots = metrics.counter(RaftMetric.SNAPSHOTS, "");
        this.installed = metrics.counter(RaftMetric.INSTALLED, "");
        this.snapshotBytes = metrics.counter(RaftMetric.SNAPSHOT_BYTES, "");
    }

    /// Done once this node leads and has applied its log, or follows a known leader; a new one when that
    /// ends.
    CompletableFuture<Void> ready() {
        return ready;
    }

    /// Fails, with a StoreException, when this state machine can apply nothing more. Never completes
    /// otherwise.
    CompletableFuture<Void> failed() {
        return failed;
    }

    /// The future's value. Throws what this state machine failed by, DEADLINE_EXCEEDED with `late` after the
    /// deadline, NODE_UNAVAILABLE when the log was closed meanwhile.
    <T> T await(CompletableFuture<T> future, long deadline, String late) {
        try {
            long patience = Math.max(0, deadline - Ticker.SYSTEM.nanos());
            CompletableFuture.anyOf(future, failed).get(patience, TimeUnit.NANOSECONDS);
            return future.join();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StoreException known) {
                throw new StoreException(known.code(), known.text(), e);
            }
            throw new StoreException(ErrorCode.NODE_UNAVAILABLE, "the command log is closed", e);
        } catch (TimeoutException e) {
            throw new StoreException(ErrorCode.DEADLINE_EXCEEDED, late, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(ErrorCode.DEADLINE_EXCEEDED, "interrupted while waiting for the command log", e);
        }
    }

    /// Throws what this state machine failed by.
    void check() {
        if (failed.isCompletedExceptionally() && failed.exceptionNow() instanceof StoreException known) {
            throw new StoreException(known.code(), known.text(), known);
        }
    }

    /// Lets everybody who waits give up for that reason, unless there was another before.
    void end(StoreException reason) {
        failed.completeExceptionally(reason);
    }

    /// When this node was last elected, by the monotonic clock.
    long electedNanos() {
        return electedNanos;
    }

    void publishFromNowOn() {
        publishing = true;
        published.publish(state);
    }

    @Override
    public SimpleStateMachineStorage getStateMachineStorage() {
        return storage;
    }

    @Override
    public void initialize(RaftServer server, RaftGroupId group, RaftStorage raftStorage) throws IOException {
        super.initialize(server, group, raftStorage);
        getLifeCycle()
                .startAndTransition(
                        () -> {
                            storage.init(raftStorage);
                            loadSnapshot();
                        },
                        IOException.class);
    }

    /// Loads the snapshot that the leader has sent.
    @Override
    public void reinitialize() throws IOException {
        loadSnapshot();
        installed.increment();
        getLifeCycle().transition(LifeCycle.State.STARTING);
        getLifeCycle().transition(LifeCycle.State.RUNNING);
    }

    private void loadSnapshot() throws IOException {
        SingleFileSnapshotInfo snapshot = storage.loadLatestSnapshot();
        if (snapshot != null) {
            state = load(snapshot.getFile().getPath());
            setLastAppliedTermIndex(snapshot.getTermIndex());
            if (publishing) {
                published.publish(state);
            }
        }
    }

    private ClusterState load(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        MD5Hash stored = MD5FileUtil.readStoredMd5ForFile(file.toFile());
        try {
            if (stored != null && !stored.equals(md5(bytes))) {
                throw new StoreException(ErrorCode.CORRUPT, "its checksum does not match");
            }
            return StateCodec.decode(bytes);
        } catch (StoreException e) {
            StoreException named = new StoreException(e.code(), "snapshot " + file + ": " + e.text(), e);
            end(named);
            throw named;
        }
    }

    private static MD5Hash md5(byte[] bytes) {
        return MD5Hash.newInstance(
                Checksummers.of(ChecksumType.MD5, ByteBuffer.wrap(bytes)).digest());
    }

    @Override
    public void pause() {
        if (getLifeCycleState() == LifeCycle.State.RUNNING) {
            getLifeCycle().transition(LifeCycle.State.PAUSING);
            getLifeCycle().transition(LifeCycle.State.PAUSED);
        }
    }

    @Override
    public TransactionContext startTransaction(RaftClientRequest request) {
        return TransactionContext.newBuilder()
                .setStateMachine(this)
                .setClientRequest(request)
                .setStateMachineContext(request.getMessage())
                .build();
    }

    /// Called by the leader at the log's end, before the entry gets its term, which is this one or an earlier one.
    @Override
    public TransactionContext preAppendTransaction(TransactionContext transaction) throws StateMachineException {
        if (transaction.getStateMachineContext() instanceof Submission submission && !submission.isFor(term())) {
            throw new StateMachineException("the term of the command is over", null, false);
        }
        return transaction;
    }

    private long term() throws StateMachineException {
        try {
            return getServer().join().getDivision(getGroupId()).getInfo().getCurrentTerm();
        } catch (IOException e) {
            throw new StateMachineException("the command log is closed", e, false);
        }
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        LogEntryProto entry = transaction.getLogEntry();
        try {
            byte[] bytes = entry.getStateMachineLogEntry().getLogData().toByteArray();
            Applied applied = state.apply(CommandCodec.decode(bytes));
            state = applied.state();
            updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
            if (publishing) {
                published.publish(state, bytes);
            }
            if (transaction.getStateMachineContext() instanceof Submission submission) {
                submission.applied(applied);
            }
            return CompletableFuture.completedFuture(Outcome.of(applied));
        } catch (RuntimeException e) {
            // A replica that left out a command would be wrong for ever: this one stops.
            ErrorCode code = e instanceof StoreException known ? known.code() : ErrorCode.INTERNAL;
            String why = "command " + entry.getIndex() + " of the log cannot be applied: " + e.getMessage();
            end(new StoreException(code, why, e));
            throw e;
        }
    }

    @Override
    public long takeSnapshot() throws IOException {
        TermIndex last = getLastAppliedTermIndex();
        if (last == null || last.getIndex() < 0) {
            return -1;
        }
        Path file = storage.getSnapshotFile(last.getTerm(), last.getIndex()).toPath();
        byte[] bytes = StateCodec.encode(state);
        MD5Hash checksum = md5(bytes);
        // Before the snapshot, so that no crash leaves one without its checksum: Ratis would warn of it ever after.
        MD5FileUtil.saveMD5File(file.toFile(), checksum);
        DurableFile.write(file, bytes);
        storage.updateLatestSnapshot(
                new SingleFileSnapshotInfo(new FileInfo(file, checksum), last.getTerm(), last.getIndex()));
        snapshots.increment();
        snapshotBytes.add(bytes.length);
        return last.getIndex();
    }

    @Override
    public void notifyLeaderReady() {
        ready.complete(null);
        events.leads();
    }

    @Override
    public void notifyNotLeader(Collection<TransactionContext> pending) {
        ready = new CompletableFuture<>();
    }

    @Override
    public void notifyLeaderChanged(RaftGroupMemberId member, @Nullable RaftPeerId leader) {
        if (leader == null) {
            return;
        }
        elections.increment();
        if (leader.equals(member.getPeerId())) {
            electedNanos = Ticker.SYSTEM.nanos();
        } else {
            ready.complete(null);
        }
    }

    @Override
    public void notifyConfigurationChanged(long term, long index, RaftConfigurationProto configuration) {
        if (publishing) {
            events.reconfigured();
        }
    }

    @Override
    public void notifyServerShutdown(RoleInfoProto role, boolean allServer) {
        if (!allServer) {
            events.ended();
        }
    }

    @Override
    public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto entry) {
        end(new StoreException(
                ErrorCode.VOLUME_FAILED, "the command log cannot be written: " + cause.getMessage(), cause));
    }
}
