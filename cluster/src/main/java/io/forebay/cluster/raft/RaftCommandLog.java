package io.forebay.cluster.raft;

import io.forebay.cluster.peer.Peer;
import io.forebay.cluster.peer.PeerAddresses;
import io.forebay.cluster.peer.PeerCalls;
import io.forebay.cluster.peer.PeerDoor;
import io.forebay.cluster.state.Applied;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.watch.CommandLog;
import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.lifecycle.Closing;
import io.forebay.common.lifecycle.Service;
import io.forebay.common.metrics.Histogram;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.NodeId;
import io.forebay.common.time.Ticker;
import io.forebay.protocol.http.Handler;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.ratis.io.CorruptedFileException;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.ChecksumException;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.jspecify.annotations.Nullable;

/// The command log as a member of a Raft group, at first the only one. Safe to share between threads.
///
/// A command is acknowledged after a majority has synced its log, so it survives the end of any process. The
/// folder belongs to this log alone, and the states go to a `CurrentState` that nobody else publishes to.
/// Started once.
public final class RaftCommandLog implements CommandLog, Service {
    /// Loggers are kept, because the JDK forgets the level of one that nobody holds.
    private static final Logger RATIS_LOG = Logger.getLogger("org.apache.ratis");

    /// These log the stack of every failed start, which is thrown anyway, and of every message that a member
    /// does not answer, which the transport says once.
    private static final List<Logger> LOUD = List.of(
            Logger.getLogger("org.apache.ratis.util.LifeCycle"),
            Logger.getLogger("org.apache.ratis.util.LogUtils"),
            Logger.getLogger("org.apache.ratis.server.leader.LogAppender"));

    private static final String ID_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int LETTERS = 52;
    private static final int ID_LENGTH = 12;

    private final RaftConfig config;
    private final RaftParts parts;
    private final Membership membership;
    private final PeerAddresses addresses = new PeerAddresses();
    private final LeaderAcks acks = new LeaderAcks();
    private final PeerCalls peers;
    private final Greetings greetings;
    private final HttpTransport transport;
    private final ClusterStateMachine machine;
    private final Handler door;
    private final ClientId client = ClientId.randomId();
    private final AtomicLong calls = new AtomicLong();
    private final Histogram submitTime;
    private final LongAdder changed;
    private final LongAdder refused;
    private final LongAdder failed;
    private final CompletableFuture<Void> entered = new CompletableFuture<>();
    private final CompletableFuture<Void> left = new CompletableFuture<>();
    private volatile @Nullable Running running;

    /// What is there between start and close.
    private record Running(
            LogFolder folder,
            RaftMember member,
            Members members,
            Ordering ordering,
            AddressKeeper keeper,
            Entrance entrance,
            Closing closing) {}

    /// @param membership counts for an empty folder, and tells whom to ask when nobody answers where the log
    ///     says
    public RaftCommandLog(RaftConfig config, RaftParts parts, Membership membership) {
        Metrics metrics = parts.metrics();
        Events events = new Events();
        this.config = config;
        this.parts = parts;
        this.membership = membership;
        this.peers = new PeerCalls(parts.http(), parts.secret(), parts.self(), metrics);
        this.greetings = new Greetings(peers, parts.self().id(), addresses, config.messagePatience());
        this.transport = new HttpTransport(peers, addresses, acks, config);
        this.machine = new ClusterStateMachine(parts.state(), metrics, events);
        this.door = new PeerDoor(parts.secret(), parts.self().id(), new RaftHandler(transport, events), metrics);
        this.submitTime = metrics.histogram(RaftMetric.SUBMIT, "");
        this.changed = metrics.counter(RaftMetric.COMMANDS, "outcome=\"changed\"");
        this.refused = metrics.counter(RaftMetric.COMMANDS, "outcome=\"refused\"");
        this.failed = metrics.counter(RaftMetric.COMMANDS, "outcome=\"failed\"");
        metrics.gauge(RaftMetric.VERSION, "", () -> parts.state().current().version());
        metrics.gauge(RaftMetric.LEADS, "", () -> isLeader() ? 1 : 0);
        metrics.gauge(RaftMetric.TERM, "", () -> {
            Running current = running;
            return current == null ? 0 : current.member.term();
        });
        metrics.gauge(RaftMetric.VOTERS, "", () -> voters().size());
        if (RATIS_LOG.getLevel() == null) {
            RATIS_LOG.setLevel(Level.WARNING);
            LOUD.forEach(logger -> logger.setLevel(Level.OFF));
        }
    }

    /// Answers the other gateways, below `/cluster/raft/` and at `/cluster/commands` of the control port;
    /// until the start with NODE_UNAVAILABLE.
    public Handler handler() {
        return door;
    }

    /// Returns when this node leads, or knows who leads and is as far as that one: it has applied its log and
    /// published the state, which has a cluster id from the first start on. A node that joins returns before
    /// that, as soon as it can be made a voter: see `awaitMembership`.
    ///
    /// Throws IN_USE when the folder is used by another process, node or program, UNSUPPORTED when a newer
    /// Forebay wrote it, CORRUPT when what it holds is damaged, DEADLINE_EXCEEDED when no leader was found in
    /// time, PRECONDITION_FAILED when this node was removed from its group and is not told whom to join,
    /// FORBIDDEN when the cluster to join has another secret.
    @Override
    public void start() {
        Check.that(running == null, "the command log in %s is already started", parts.folder());
        long deadline = Ticker.SYSTEM.nanos() + config.startPatience().toNanos();
        Closing closing = new Closing();
        try {
            closing.add(FolderLock.take(parts.folder()));
            LogFolder folder = openFolder(deadline);
            Running opened = open(folder, closing);
            running = opened;
            opened.keeper.wake();
            if (folder.phase() == GroupFile.Phase.JOINING) {
                opened.entrance.begin(() -> enter(opened, Long.MAX_VALUE / 2 + Ticker.SYSTEM.nanos()));
            } else {
                enter(opened, deadline);
            }
        } catch (IOException | RuntimeException e) {
            running = null;
            StoreException failure = whyNotStarted(e);
            closeAfter(failure, closing);
            throw failure;
        }
    }

    private LogFolder openFolder(long deadline) throws IOException {
        LogFolder folder = LogFolder.open(parts.folder(), self(), () -> switch (membership) {
            case Membership.Founding founding -> new GroupFile(self(), UUID.randomUUID(), GroupFile.Phase.NEW);
            case Membership.Joining joining -> joining(greetings.askLeader(joining.seeds(), deadline));
        });
        if (folder.phase() == GroupFile.Phase.LEFT) {
            returnTo(folder, deadline);
        }
        folder.prepare();
        return folder;
    }

    private GroupFile joining(Hello hello) {
        return new GroupFile(self(), hello.group(), GroupFile.Phase.JOINING);
    }

    /// A node that was told that it is no member any more asks the leader whether that came true.
    private void returnTo(LogFolder folder, long deadline) throws IOException {
        if (membership.seeds().isEmpty()) {
            throw new StoreException(
                    ErrorCode.PRECONDITION_FAILED,
                    "gateway " + self() + " was removed from its cluster: it must be told which one to join");
        }
        Hello hello = greetings.askLeader(membership.seeds(), deadline);
        boolean stillMember = hello.group().equals(folder.file().group())
                && hello.voters().stream().anyMatch(voter -> voter.id().equals(self()));
        if (stillMember) {
            folder.reached(GroupFile.Phase.STARTED);
        } else {
            folder.joinAgain(joining(hello));
        }
    }

    private Running open(LogFolder folder, Closing closing) throws IOException {
        RaftGroupId id = RaftGroupId.valueOf(folder.file().group());
        List<RaftPeer> founders = folder.phase() == GroupFile.Phase.NEW
                ? List.of(RaftPeer.newBuilder()
                        .setId(self().value())
                        .setAddress(parts.self().controlUrl())
                        .build())
                : List.of();
        RaftServer server = closing.add(RaftServer.newBuilder()
                .setServerId(RaftPeerId.valueOf(self().value()))
                .setGroup(RaftGroup.valueOf(id, founders))
                .setStateMachine(machine)
                .setProperties(RaftTuning.of(folder.log(), config, folder.isAlone()))
                .setParameters(HttpRpcType.parameters(transport))
                .setOption(RaftStorage.StartupOption.RECOVER)
                .build());
        RaftMember member = new RaftMember(id, server);
        Members members = new Members(member, parts.self(), addresses, config);
        Forwarding forwarding = new Forwarding(peers, parts.state(), config.messagePatience());
        Ordering ordering = new Ordering(member, members, machine, parts.state(), forwarding, config);
        AddressKeeper keeper = closing.add(new AddressKeeper(member, members));
        Entrance entrance = closing.add(new Entrance(member, members, machine, greetings, membership.seeds()));
        Running opened = new Running(folder, member, members, ordering, keeper, entrance, closing);
        server.start();
        return opened;
    }

    private void enter(Running opened, long deadline) {
        opened.entrance.awaitLeader(deadline);
        opened.folder.reached(GroupFile.Phase.STARTED);
        machine.publishFromNowOn();
        if (parts.state().current().clusterId().isEmpty() && opened.member.isLeader()) {
            submit(new Command.Found(randomId(), InstantSource.system().millis()));
        }
        entered.complete(null);
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
                "the command log in " + parts.folder() + " cannot be opened: " + root.getMessage(),
                failure);
    }

    private static void closeAfter(StoreException failure, Closing closing) {
        try {
            closing.close();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    /// Waits until a node that joins is a member and has published the state. Throws DEADLINE_EXCEEDED when
    /// it takes longer, and what ended the log meanwhile.
    public void awaitMembership(Duration patience) {
        long deadline = Ticker.SYSTEM.nanos() + patience.toNanos();
        machine.await(entered, deadline, "gateway " + self() + " did not become a voter in time");
    }

    /// Done once this node was removed from its group, or its membership ended otherwise: it orders nothing
    /// any more and is to be closed.
    public CompletableFuture<Void> left() {
        return left.copy();
    }

    /// The command goes to whoever leads, for as long as `patience` allows, and is applied once however often
    /// it had to be sent.
    @Override
    public Applied submit(Command command) {
        return counted(name -> running().ordering.order(name, new Submission(command)));
    }

    /// Orders a command as the leader of that term or not at all: it is neither forwarded nor sent again. Throws
    /// NOT_LEADER when this node does not lead in that term.
    public Applied submit(long term, Command command) {
        return counted(name -> running().ordering.orderIn(term, name, new Submission(command, term)));
    }

    private Applied counted(Function<CommandName, Applied> order) {
        long begin = Ticker.SYSTEM.nanos();
        try {
            Applied applied = order.apply(new CommandName(client, calls.incrementAndGet()));
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

    /// Whether this node leads and has applied whatever was agreed before. It may have been overtaken without
    /// knowing yet: `confirmLeadership` tells.
    public boolean isLeader() {
        Running current = running;
        return current != null && !left.isDone() && current.member.isReadyLeader();
    }

    /// Who leads as far as this node knows; null while nobody does.
    public @Nullable Peer leader() {
        Running current = running;
        return current == null || left.isDone() ? null : current.members.leader();
    }

    /// Proves, by asking the other members, that no other node had been elected before this call. Throws
    /// NOT_LEADER when this node does not lead, NODE_UNAVAILABLE when no majority answers within
    /// `message-patience`.
    public Leadership confirmLeadership() {
        Running current = running();
        machine.check();
        long since = Ticker.SYSTEM.nanos();
        long term = current.member.term();
        if (!current.member.isReadyLeader()) {
            throw current.members.notLeader();
        }
        long elected = machine.electedNanos();
        transport.sendHeartbeats();
        awaitProof(current, term, since);
        if (!current.member.isLeader() || current.member.term() != term) {
            throw current.members.notLeader();
        }
        return new Leadership(term, elected, since);
    }

    private void awaitProof(Running current, long term, long since) {
        long deadline = since + config.messagePatience().toNanos();
        try {
            if (!acks.awaitMajority(current.member.configuration(), current.member.self(), term, since, deadline)) {
                throw new StoreException(
                        ErrorCode.NODE_UNAVAILABLE,
                        "no majority of the voters answers gateway " + self() + ", which led them");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(ErrorCode.DEADLINE_EXCEEDED, "interrupted while leadership was confirmed", e);
        }
    }

    /// Who votes, as far as this node's log knows.
    public List<Peer> voters() {
        Running current = running;
        return current == null || left.isDone() ? List.of() : current.members.voters();
    }

    /// Makes a gateway that has started to join a voter, or changes the address of one that is. Returns when
    /// that is agreed. Throws NOT_LEADER, PRECONDITION_FAILED when there are as many as may be,
    /// NODE_UNAVAILABLE when the gateway does not answer or does not catch up.
    public void addMember(NodeId id, String controlUrl) {
        running().members.add(id, controlUrl);
    }

    /// Ends a gateway's membership, this node's own included. Returns when that is agreed. Throws NOT_LEADER,
    /// PRECONDITION_FAILED when it is the only voter.
    public void removeMember(NodeId id) {
        running().members.remove(id);
    }

    private NodeId self() {
        return parts.self().id();
    }

    private Running running() {
        Running current = running;
        if (current == null) {
            throw new StoreException(
                    ErrorCode.NODE_UNAVAILABLE, "the command log in " + parts.folder() + " is not started");
        }
        return current;
    }

    /// A leader hands over to another member first, if one is there.
    @Override
    public void close() {
        Running current = running;
        running = null;
        if (current != null) {
            if (!left.isDone()) {
                current.members.handOver();
            }
            try {
                current.closing.close();
            } finally {
                // Whoever still waits for a leader waits in vain.
                machine.end(new StoreException(
                        ErrorCode.NODE_UNAVAILABLE, "the command log in " + parts.folder() + " is closed"));
            }
        }
    }

    /// What Ratis and other gateways tell this log and ask of it, on their threads.
    private final class Events implements ClusterStateMachine.Events, RaftHandler.Questions {
        @Override
        public void leads() {
            wakeKeeper();
        }

        @Override
        public void callsFrom(NodeId caller, String controlUrl) {
            if (addresses.learn(caller, controlUrl)) {
                wakeKeeper();
            }
        }

        private void wakeKeeper() {
            Running current = running;
            if (current != null) {
                current.keeper.wake();
            }
        }

        @Override
        public void reconfigured() {
            Running current = running;
            if (current != null && !current.member.isConfigured()) {
                leave(current);
            }
        }

        @Override
        public void ended() {
            Running current = running;
            if (current == null) {
                return;
            }
            // Ratis ends a member that wants to be elected and finds itself left out. Should that not have been
            // agreed, the next start learns it from the leader.
            if (current.member.isKept() && !transport.isDismissed()) {
                machine.end(new StoreException(
                        ErrorCode.INTERNAL, "the command log in " + parts.folder() + " ended by itself"));
                left.complete(null);
            } else {
                leave(current);
            }
        }

        private void leave(Running current) {
            current.folder.reached(GroupFile.Phase.LEFT);
            machine.end(new StoreException(
                    ErrorCode.NODE_UNAVAILABLE, "gateway " + self() + " is no longer a voter of its cluster"));
            left.complete(null);
        }

        @Override
        public boolean isOpen() {
            Running current = running;
            return current != null && current.member.division().getInfo().isAlive();
        }

        @Override
        public Hello hello() {
            Running current = running();
            return current.members.hello(current.folder.file().group());
        }

        @Override
        public Applied order(CommandName name, Submission command) {
            return running().ordering.orderHere(name, command);
        }
    }
}
