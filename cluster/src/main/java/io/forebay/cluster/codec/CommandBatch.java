package io.forebay.cluster.codec;

import io.forebay.cluster.state.Command;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Commands that follow each other: what a state lacks of a newer one.
///
/// @param after the version of the state that the first of them is applied to
/// @param commands as `CommandCodec` encodes them
public record CommandBatch(long after, List<byte[]> commands) {
    private static final byte FORMAT = 1;
    private static final int HEAD_BYTES = 1 + Long.BYTES + Integer.BYTES;

    public CommandBatch {
        commands = List.copyOf(commands);
    }

    /// A byte of format, the version, the count, and each command behind its length, in network byte order.
    public byte[] encode() {
        int length = HEAD_BYTES;
        for (byte[] command : commands) {
            length += Integer.BYTES + command.length;
        }
        ByteBuffer out = ByteBuffer.allocate(length).put(FORMAT).putLong(after).putInt(commands.size());
        commands.forEach(command -> out.putInt(command.length).put(command));
        return out.array();
    }

    /// Throws UNSUPPORTED when a newer format wrote the bytes, CORRUPT when they are no such commands.
    public static CommandBatch decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (bytes.length > 0 && bytes[0] > FORMAT) {
            throw StateCodec.newer("a batch of commands", bytes[0], FORMAT);
        }
        if (bytes.length < HEAD_BYTES || in.get() != FORMAT) {
            throw unreadable("it is too short");
        }
        long after = in.getLong();
        int count = in.getInt();
        List<byte[]> commands = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            int length = in.remaining() < Integer.BYTES ? -1 : in.getInt();
            if (length < 0 || length > in.remaining()) {
                throw unreadable("it ends inside a command");
            }
            byte[] command = new byte[length];
            in.get(command);
            commands.add(command);
        }
        if (count < 0 || in.hasRemaining()) {
            throw unreadable("something follows its end");
        }
        return new CommandBatch(after, commands);
    }

    /// One of them, decoded. Throws what `CommandCodec.decode` throws.
    public Command command(int index) {
        return CommandCodec.decode(commands.get(index));
    }

    private static StoreException unreadable(String why) {
        return new StoreException(ErrorCode.CORRUPT, "a batch of commands is unreadable: " + why);
    }
}
