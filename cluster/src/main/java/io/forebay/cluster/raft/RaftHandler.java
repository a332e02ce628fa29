package io.forebay.cluster.raft;

import io.forebay.cluster.codec.CommandCodec;
import io.forebay.cluster.peer.PeerHeaders;
import io.forebay.cluster.state.Applied;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import java.io.IOException;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;
import org.apache.ratis.thirdparty.com.google.protobuf.MessageLite;

/// Answers what other gateways ask of this member: Raft's messages, greetings, and commands for the leader.
final class RaftHandler implements Handler {
    private static final String BINARY = "application/octet-stream";

    private final HttpTransport transport;
    private final Questions questions;

    /// What the member itself answers.
    interface Questions {
        /// A gateway says that it is reached there.
        void callsFrom(NodeId caller, String controlUrl);

        Hello hello();

        /// Whether the member takes messages.
        boolean isOpen();

        /// Throws NOT_LEADER when another node leads.
        Applied order(CommandName name, Submission command);
    }

    RaftHandler(HttpTransport transport, Questions questions) {
        this.transport = transport;
        this.questions = questions;
    }

    @Override
    public Reply handle(Exchange exchange) {
        if (exchange.request().method() != Method.POST) {
            return NodeErrors.methodNotAllowed(exchange.request().method(), "POST");
        }
        byte[] body = exchange.body().readAll(RaftTuning.MAX_MESSAGE_BYTES);
        learn(exchange.request().headers());
        try {
            return switch (exchange.request().rawPath()) {
                case HttpTransport.VOTE -> message(receiver().requestVote(RequestVoteRequestProto.parseFrom(body)));
                case HttpTransport.APPEND ->
                    message(receiver().appendEntries(AppendEntriesRequestProto.parseFrom(body)));
                case HttpTransport.SNAPSHOT ->
                    message(receiver().installSnapshot(InstallSnapshotRequestProto.parseFrom(body)));
                case HttpTransport.ELECTION ->
                    message(receiver().startLeaderElection(StartLeaderElectionRequestProto.parseFrom(body)));
                case Hello.PATH ->
                    Reply.of(200, "text/plain; charset=utf-8", questions.hello().encode());
                case Forwarding.PATH -> command(exchange.request().headers(), body);
                default -> throw NodeErrors.noSuchApi(exchange.request().rawPath());
            };
        } catch (InvalidProtocolBufferException e) {
            throw new StoreException(ErrorCode.INVALID_ARGUMENT, "the message cannot be read: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new StoreException(ErrorCode.NODE_UNAVAILABLE, "the message was refused: " + e.getMessage(), e);
        }
    }

    private void learn(Headers headers) {
        String caller = headers.find(PeerHeaders.MEMBER);
        String url = headers.find(PeerHeaders.CONTROL_URL);
        if (caller != null && url != null && !url.isEmpty()) {
            questions.callsFrom(new NodeId(caller), url);
        }
    }

    private RaftServer receiver() {
        if (!questions.isOpen()) {
            throw new StoreException(ErrorCode.NODE_UNAVAILABLE, "this node's command log is not open");
        }
        return transport.receiver();
    }

    private static Reply message(MessageLite message) {
        return Reply.of(200, BINARY, message.toByteArray());
    }

    private Reply command(Headers headers, byte[] body) {
        CommandName name = CommandName.parse(headers.find(PeerHeaders.COMMAND, ""));
        // What this version cannot read must not come into the log, which could not be applied any more.
        CommandCodec.decode(body);
        Applied applied = questions.order(name, new Submission(body));
        byte[] outcome = Outcome.of(applied).getContent().toByteArray();
        return Reply.of(200, "text/plain; charset=utf-8", outcome)
                .with(NodeHeaders.STATE_VERSION, Long.toString(applied.state().version()));
    }
}
