package io.forebay.cluster.raft;

import io.forebay.cluster.codec.CommandCodec;
import io.forebay.cluster.state.Applied;
import io.forebay.cluster.state.Command;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.jspecify.annotations.Nullable;

/// One command on its way through the log, and what became of it when it was applied in this process.
///
/// Ratis hands the object itself from the submitter to the state machine, so the result needs no bytes. It is
/// not kept in the reply, because Ratis remembers replies for a while and a state may be large.
final class Submission implements Message {
    /// Of a command that any leader may order.
    static final long ANY_TERM = -1;

    private final ByteString content;
    private final long term;
    private volatile @Nullable Applied applied;

    /// Throws TOO_LARGE when the encoded command does not fit into the log.
    Submission(Command command) {
        this(command, ANY_TERM);
    }

    /// Of a command that is ordered in that term or not at all. Otherwise as the other.
    Submission(Command command, long term) {
        this(CommandCodec.encode(command), term);
    }

    /// Of an encoded command. Throws TOO_LARGE when it does not fit into the log.
    Submission(byte[] bytes) {
        this(bytes, ANY_TERM);
    }

    private Submission(byte[] bytes, long term) {
        if (bytes.length > RaftTuning.MAX_COMMAND_BYTES) {
            throw new StoreException(
                    ErrorCode.TOO_LARGE,
                    "the command has " + bytes.length + " bytes, more than " + RaftTuning.MAX_COMMAND_BYTES);
        }
        this.content = UnsafeByteOperations.unsafeWrap(bytes);
        this.term = term;
    }

    @Override
    public ByteString getContent() {
        return content;
    }

    /// Whether it may be ordered in that term.
    boolean isFor(long present) {
        return term == ANY_TERM || term == present;
    }

    void applied(Applied result) {
        applied = result;
    }

    @Nullable
    Applied applied() {
        return applied;
    }
}
