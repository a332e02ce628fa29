package io.forebay.cluster.raft;

import io.forebay.cluster.state.Applied;
import io.forebay.cluster.state.ClusterState;
import io.forebay.common.error.ErrorCode;
import java.nio.charset.StandardCharsets;
import org.apache.ratis.protocol.Message;

/// What became of a command, as the text of its reply: empty when it changed the state, else `CODE message`.
///
/// Needed where the `Submission` itself did not meet the state machine: when a command was forwarded to the
/// leader, or submitted again after the leader had changed, and the reply is remembered from its first way
/// through the log.
final class Outcome {
    private static final Message CHANGED = Message.EMPTY;

    private Outcome() {}

    static Message of(Applied applied) {
        return switch (applied) {
            case Applied.Changed changed -> CHANGED;
            case Applied.Refused refused -> Message.valueOf(refused.code().name() + " " + refused.message());
        };
    }

    /// The outcome that a reply tells, with a state that is at least as new.
    static Applied parse(Message reply, ClusterState state) {
        return parse(reply.getContent().toString(StandardCharsets.UTF_8), state);
    }

    static Applied parse(String text, ClusterState state) {
        if (text.isEmpty()) {
            return new Applied.Changed(state);
        }
        int space = text.indexOf(' ');
        return new Applied.Refused(state, ErrorCode.valueOf(text.substring(0, space)), text.substring(space + 1));
    }
}
