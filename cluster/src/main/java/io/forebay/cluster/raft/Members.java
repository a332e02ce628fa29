package io.forebay.cluster.raft;

import io.forebay.cluster.peer.NotLeader;
import io.forebay.cluster.peer.Peer;
import io.forebay.cluster.peer.PeerAddresses;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import io.forebay.common.time.Ticker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.LeaderSteppingDownException;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.protocol.exceptions.ReconfigurationInProgressException;
import org.apache.ratis.protocol.exceptions.ReconfigurationTimeoutException;
import org.apache.ratis.protocol.exceptions.SetConfigurationException;
import org.apache.ratis.server.RaftConfiguration;
import org.jspecify.annotations.Nullable;

/// Who votes, and changes of that by the leader: one at a time, each through the log.
final class Members {
    private static final System.Logger LOG = System.getLogger(Members.class.getName());
    private static final long HAND_OVER_MILLIS = 500;
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final RaftMember member;
    private final Peer self;
    private final PeerAddresses addresses;
    private final RaftConfig config;
    private final ClientId client = ClientId.randomId();
    private final AtomicLong calls = new AtomicLong();
    private final ReentrantLock changing = new ReentrantLock();

    Members(RaftMember member, Peer self, PeerAddresses addresses, RaftConfig config) {
        this.member = member;
        this.self = self;
        this.addresses = addresses;
        this.config = config;
    }

    /// The members of the newest configuration in this node's log, under their newest known addresses.
    List<Peer> voters() {
        return member.configuration().getCurrentPeers().stream()
                .map(peer -> new Peer(new NodeId(peer.getId().toString()), address(peer)))
                .toList();
    }

    /// Makes a node that runs, and waits to be called, a voter; or changes the address of one that is.
    void add(NodeId id, String controlUrl) {
        change(present -> {
            addresses.learn(id, controlUrl);
            boolean known = present.stream().anyMatch(peer -> peer.id().equals(id));
            if (!known && present.size() >= config.voters()) {
                throw new StoreException(
                        ErrorCode.PRECONDITION_FAILED,
                        "gateway " + id + " cannot vote: there are " + present.size() + " voters, and no more may be");
            }
            List<Peer> wanted = new ArrayList<>(present);
            wanted.removeIf(peer -> peer.id().equals(id));
            wanted.add(new Peer(id, controlUrl));
            return wanted;
        });
    }

    void remove(NodeId id) {
        change(present -> {
            List<Peer> wanted = new ArrayList<>(present);
            wanted.removeIf(peer -> peer.id().equals(id));
            if (wanted.isEmpty()) {
                throw new StoreException(
                        ErrorCode.PRECONDITION_FAILED, "gateway " + id + " is the only voter and cannot be removed");
            }
            return wanted;
        });
    }

    /// Writes the addresses by which members call now into the configuration, where it has others.
    void keepAddresses() {
        change(present -> present);
    }

    /// Whether the configuration has another address for a member than the one by which it calls.
    boolean hasMoved() {
        return member.configuration().getCurrentPeers().stream()
                .anyMatch(peer -> !address(peer).equals(peer.getAddress()));
    }

    private String address(RaftPeer peer) {
        if (peer.getId().equals(member.self())) {
            return self.controlUrl();
        }
        String learned = addresses.find(new NodeId(peer.getId().toString()));
        return learned == null ? String.valueOf(peer.getAddress()) : learned;
    }

    @FunctionalInterface
    private interface Change {
        List<Peer> of(List<Peer> present);
    }

    private void change(Change change) {
        long deadline = Ticker.SYSTEM.nanos() + config.patience().toNanos();
        changing.lock();
        try {
            while (!tryChange(change, deadline)) {
                if (Ticker.SYSTEM.nanos() - deadline >= 0) {
                    throw new StoreException(
                            ErrorCode.DEADLINE_EXCEEDED,
                            "the members could not be changed within "
                                    + config.patience().toMillis() + " ms: other changes are under way");
                }
                LockSupport.parkNanos(RETRY_NANOS);
            }
        } finally {
            changing.unlock();
        }
    }

    /// False when it may succeed when tried again.
    private boolean tryChange(Change change, long deadline) {
        if (!member.isLeader()) {
            throw notLeader();
        }
        RaftConfiguration configuration = member.configuration();
        if (!configuration.getPreviousPeers().isEmpty()) {
            return false;
        }
        List<RaftPeer> present = List.copyOf(configuration.getCurrentPeers());
        List<RaftPeer> wanted = peers(present, change.of(voters()));
        if (wanted == null) {
            return true;
        }
        SetConfigurationRequest request = new SetConfigurationRequest(
                client,
                member.self(),
                member.group(),
                calls.incrementAndGet(),
                SetConfigurationRequest.Arguments.newBuilder()
                        .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
                        .setServersInCurrentConf(present)
                        .setServersInNewConf(wanted)
                        .build());
        return succeeded(request, deadline);
    }

    /// The new members as Ratis has them; null when they are the present ones.
    ///
    /// Ratis takes a configuration of the same ids and priorities for no change, whatever the addresses. So
    /// where only addresses change, every member's priority is another than before; all have the same, which
    /// is all that matters.
    private static @Nullable List<RaftPeer> peers(List<RaftPeer> present, List<Peer> wanted) {
        boolean sameIds =
                present.size() == wanted.size() && wanted.stream().allMatch(peer -> find(present, peer.id()) != null);
        boolean sameAddresses = wanted.stream().allMatch(peer -> {
            RaftPeer known = find(present, peer.id());
            return known == null || peer.controlUrl().equals(known.getAddress());
        });
        if (sameIds && sameAddresses) {
            return null;
        }
        int priority = present.isEmpty() ? 0 : present.getFirst().getPriority();
        int next = sameIds ? 1 - Math.min(1, priority) : priority;
        return wanted.stream()
                .map(peer -> RaftPeer.newBuilder()
                        .setId(peer.id().value())
                        .setAddress(peer.controlUrl())
                        .setPriority(next)
                        .build())
                .toList();
    }

    private static @Nullable RaftPeer find(List<RaftPeer> peers, NodeId id) {
        return peers.stream()
                .filter(peer -> peer.getId().toString().equals(id.value()))
                .findFirst()
                .orElse(null);
    }

    private boolean succeeded(SetConfigurationRequest request, long deadline) {
        try {
            RaftClientReply reply = member.server()
                    .setConfigurationAsync(request)
                    .get(Math.max(0, deadline - Ticker.SYSTEM.nanos()), TimeUnit.NANOSECONDS);
            return reply.isSuccess() || mayRetry(reply.getException());
        } catch (IOException e) {
            return mayRetry(e);
        } catch (ExecutionException e) {
            return mayRetry(e.getCause());
        } catch (TimeoutException e) {
            throw new StoreException(
                    ErrorCode.DEADLINE_EXCEEDED,
                    "the change of members was not agreed within "
                            + config.patience().toMillis() + " ms; it still may be",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(ErrorCode.DEADLINE_EXCEEDED, "interrupted while members were changed", e);
        }
    }

    private boolean mayRetry(@Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return switch (cause) {
            case ReconfigurationInProgressException busy -> false;
            case LeaderNotReadyException early -> false;
            case LeaderSteppingDownException late -> false;
            // Another change was quicker: the next try begins with its outcome.
            case SetConfigurationException overtaken -> false;
            case NotLeaderException elsewhere -> throw notLeader();
            case ReconfigurationTimeoutException silent ->
                throw new StoreException(
                        ErrorCode.NODE_UNAVAILABLE,
                        "the gateway that was to become a voter does not answer or does not catch up",
                        silent);
            case null, default ->
                throw new StoreException(ErrorCode.NODE_UNAVAILABLE, "the members could not be changed", cause);
        };
    }

    /// What this member tells a gateway that asks.
    Hello hello(UUID group) {
        List<Peer> known = member.configuration().getAllPeers().stream()
                .map(peer -> new Peer(new NodeId(peer.getId().toString()), address(peer)))
                .toList();
        long committed = member.division().getRaftLog().getLastCommittedIndex();
        return new Hello(group, member.term(), member.isReadyLeader(), committed, known);
    }

    /// Lets another member lead when this one does, so that the others need not wait for its silence. What
    /// cannot be handed over in time is left to their election.
    void handOver() {
        try {
            List<RaftPeer> others = member.configuration().getCurrentPeers().stream()
                    .filter(peer -> !peer.getId().equals(member.self()))
                    .toList();
            if (others.isEmpty() || !member.isLeader()) {
                return;
            }
            long millis = Math.min(HAND_OVER_MILLIS, config.messagePatience().toMillis());
            TransferLeadershipRequest request = new TransferLeadershipRequest(
                    client,
                    member.self(),
                    member.group(),
                    calls.incrementAndGet(),
                    others.getFirst().getId(),
                    millis);
            member.server().transferLeadershipAsync(request).get(2 * millis, TimeUnit.MILLISECONDS);
        } catch (StoreException | IOException | ExecutionException | TimeoutException e) {
            LOG.log(System.Logger.Level.INFO, "the leadership was not handed over: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The failure of whoever asked this node for what only the leader can do.
    StoreException notLeader() {
        Peer leader = leader();
        String text = "gateway " + self.id() + " does not lead";
        return leader == null || leader.id().equals(self.id())
                ? NotLeader.naming(null, text + ", and no leader is known")
                : NotLeader.naming(leader.controlUrl(), text + ": " + leader.id() + " does");
    }

    /// Who leads as far as this node knows, itself included; null while nobody does.
    @Nullable
    Peer leader() {
        RaftPeerId leader = member.leader();
        if (leader == null) {
            return null;
        }
        if (leader.equals(member.self())) {
            return self;
        }
        NodeId id = new NodeId(leader.toString());
        String url = addresses.find(id);
        return url == null ? null : new Peer(id, url);
    }
}
