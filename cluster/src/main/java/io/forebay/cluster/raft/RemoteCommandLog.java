package io.forebay.cluster.raft;

import io.forebay.cluster.peer.PeerCalls;
import io.forebay.cluster.state.Applied;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.watch.CommandLog;
import io.forebay.cluster.watch.StateWatch;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.time.Ticker;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.ratis.protocol.ClientId;
import org.jspecify.annotations.Nullable;

/// The command log for a process that is no member of the group: it hands commands to gateways that are. Safe
/// to share between threads.
public final class RemoteCommandLog implements CommandLog {
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Forwarding forwarding;
    private final Supplier<List<String>> gateways;
    private final Duration patience;
    private final ClientId client = ClientId.randomId();
    private final AtomicLong next = new AtomicLong();
    private volatile @Nullable String lastLeader;

    /// @param watch gets its states by other means
    /// @param gateways gives the control URLs of gateways that may lead
    public RemoteCommandLog(PeerCalls calls, StateWatch watch, Supplier<List<String>> gateways, RaftConfig config) {
        this.forwarding = new Forwarding(calls, watch, config.messagePatience());
        this.gateways = gateways;
        this.patience = config.patience();
    }

    @Override
    public Applied submit(Command command) {
        Submission submission = new Submission(command);
        CommandName name = new CommandName(client, next.incrementAndGet());
        long deadline = Ticker.SYSTEM.nanos() + patience.toNanos();
        do {
            for (String url : candidates()) {
                Applied applied = forwarding.offer(url, name, submission, deadline);
                if (applied != null) {
                    lastLeader = url;
                    return applied;
                }
                lastLeader = forwarding.hint();
            }
            LockSupport.parkNanos(RETRY_NANOS);
        } while (Ticker.SYSTEM.nanos() - deadline < 0 && !Thread.currentThread().isInterrupted());
        throw new StoreException(
                ErrorCode.DEADLINE_EXCEEDED,
                "no gateway ordered the command within " + patience.toMillis() + " ms; it still may be");
    }

    private Set<String> candidates() {
        Set<String> urls = new LinkedHashSet<>();
        String leader = lastLeader;
        if (leader != null) {
            urls.add(leader);
        }
        urls.addAll(gateways.get());
        return urls;
    }
}
