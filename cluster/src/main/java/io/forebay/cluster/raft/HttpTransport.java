package io.forebay.cluster.raft;

import io.forebay.cluster.peer.PeerAddresses;
import io.forebay.cluster.peer.PeerCalls;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import io.forebay.common.time.Ticker;
import io.forebay.protocol.http.Headers;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotResult;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionReplyProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.server.ServerFactory;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;
import org.apache.ratis.thirdparty.com.google.protobuf.MessageLite;
import org.apache.ratis.thirdparty.com.google.protobuf.Parser;
import org.jspecify.annotations.Nullable;

/// Raft's messages as calls at the control ports: protobuf bodies posted below `/cluster/raft/`. A group of
/// one has the same transport, and nobody to call.
///
/// What members answer is also noted as proof of leadership.
final class HttpTransport implements ServerFactory {
    static final String PREFIX = "/cluster/raft/";
    static final String VOTE = PREFIX + "vote";
    static final String APPEND = PREFIX + "append";
    static final String SNAPSHOT = PREFIX + "snapshot";
    static final String ELECTION = PREFIX + "election";

    private static final System.Logger LOG = System.getLogger(HttpTransport.class.getName());

    private final PeerCalls calls;
    private final PeerAddresses addresses;
    private final LeaderAcks acks;
    private final RaftConfig config;
    private final Map<String, LogAppender> appenders = new ConcurrentHashMap<>();
    private final Set<String> silent = ConcurrentHashMap.newKeySet();
    private volatile @Nullable RaftServer receiver;
    private volatile boolean dismissed;

    HttpTransport(PeerCalls calls, PeerAddresses addresses, LeaderAcks acks, RaftConfig config) {
        this.calls = calls;
        this.addresses = addresses;
        this.acks = acks;
        this.config = config;
    }

    /// Who gets the messages that others send. Throws NODE_UNAVAILABLE while there is nobody.
    RaftServer receiver() {
        RaftServer server = receiver;
        if (server == null) {
            throw new StoreException(ErrorCode.NODE_UNAVAILABLE, "this node's command log is not open");
        }
        return server;
    }

    /// Whether the leader has told this node that it is no member any more.
    boolean isDismissed() {
        return dismissed;
    }

    /// Lets the leader here send to every follower at once, so that fresh acknowledgements come.
    void sendHeartbeats() {
        appenders.values().forEach(LogAppender::triggerHeartbeat);
    }

    @Override
    public RpcType getRpcType() {
        return new HttpRpcType();
    }

    @Override
    public LogAppender newLogAppender(RaftServer.Division server, LeaderState state, FollowerInfo follower) {
        LogAppender appender = ServerFactory.super.newLogAppender(server, state, follower);
        appenders.put(follower.getId().toString(), appender);
        return appender;
    }

    @Override
    public RaftServerRpc newRaftServerRpc(RaftServer server) {
        return new Messages(server);
    }

    private <T> T send(String path, RaftRpcRequestProto head, MessageLite message, Parser<T> answer, Duration patience)
            throws IOException {
        String target = head.getReplyId().toStringUtf8();
        String url = addresses.find(new NodeId(target));
        if (url == null) {
            throw new IOException("nobody knows where " + target + " is reached");
        }
        try {
            ByteBuffer body = calls.post(url, path, new Headers(), message.toByteArray(), patience)
                    .body();
            if (silent.remove(target)) {
                LOG.log(System.Logger.Level.INFO, "gateway " + target + " at " + url + " answers again");
            }
            return answer.parseFrom(body);
        } catch (StoreException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw (IOException) new InterruptedIOException("interrupted while calling " + target).initCause(e);
            }
            if (silent.add(target)) {
                LOG.log(System.Logger.Level.WARNING, "gateway " + target + " at " + url + ": " + e.text());
            }
            throw new IOException("gateway " + target + " at " + url + ": " + e.text(), e);
        }
    }

    /// A follower knows a later term, so this node leads no more. Told to Ratis on a thread of its own: it
    /// wants a lock for that which it holds while it waits, for up to five seconds, until those who send to
    /// followers have ended.
    private IOException overtaken(RaftRpcRequestProto head, long term) {
        String follower = head.getReplyId().toStringUtf8();
        LogAppender appender = appenders.get(follower);
        if (appender != null) {
            Thread.ofVirtual().name("raft-overtaken").start(() -> appender.onFollowerTerm(term));
        }
        return new IOException("gateway " + follower + " follows another leader");
    }

    private final class Messages implements RaftServerRpc {
        /// What the peer's address says to Ratis, which uses it nowhere.
        private static final InetSocketAddress NOWHERE = InetSocketAddress.createUnresolved("none", 0);

        private final RaftServer server;

        Messages(RaftServer server) {
            this.server = server;
        }

        @Override
        public RpcType getRpcType() {
            return HttpTransport.this.getRpcType();
        }

        @Override
        public void start() {
            receiver = server;
        }

        @Override
        public void close() {
            receiver = null;
            appenders.clear();
        }

        @Override
        public InetSocketAddress getInetSocketAddress() {
            return NOWHERE;
        }

        @Override
        public void addRaftPeers(Collection<RaftPeer> peers) {
            for (RaftPeer peer : peers) {
                String url = peer.getAddress();
                if (url != null && !url.isEmpty()) {
                    addresses.configure(new NodeId(peer.getId().toString()), url);
                }
            }
        }

        /// Nothing is to be reconnected: each message takes a connection of the client's, which makes a new
        /// one when there is none.
        @Override
        public void handleException(RaftPeerId peer, Exception failure, boolean reconnect) {}

        @Override
        public RequestVoteReplyProto requestVote(RequestVoteRequestProto request) throws IOException {
            RequestVoteReplyProto reply = send(
                    VOTE,
                    request.getServerRequest(),
                    request,
                    RequestVoteReplyProto.parser(),
                    config.messagePatience());
            if (reply.getShouldShutdown()) {
                dismissed = true;
            }
            return reply;
        }

        @Override
        public AppendEntriesReplyProto appendEntries(AppendEntriesRequestProto request) throws IOException {
            RaftRpcRequestProto head = request.getServerRequest();
            long sent = Ticker.SYSTEM.nanos();
            AppendEntriesReplyProto reply =
                    send(APPEND, head, request, AppendEntriesReplyProto.parser(), config.messagePatience());
            if (reply.getResult() == AppendEntriesReplyProto.AppendResult.NOT_LEADER) {
                throw overtaken(head, reply.getTerm());
            }
            acks.note(head.getReplyId().toStringUtf8(), request.getLeaderTerm(), sent, reply);
            return reply;
        }

        @Override
        public InstallSnapshotReplyProto installSnapshot(InstallSnapshotRequestProto request) throws IOException {
            InstallSnapshotReplyProto reply = send(
                    SNAPSHOT,
                    request.getServerRequest(),
                    request,
                    InstallSnapshotReplyProto.parser(),
                    config.patience());
            if (reply.getResult() == InstallSnapshotResult.NOT_LEADER) {
                throw overtaken(request.getServerRequest(), reply.getTerm());
            }
            return reply;
        }

        @Override
        public StartLeaderElectionReplyProto startLeaderElection(StartLeaderElectionRequestProto request)
                throws IOException {
            return send(
                    ELECTION,
                    request.getServerRequest(),
                    request,
                    StartLeaderElectionReplyProto.parser(),
                    config.messagePatience());
        }
    }
}
