package io.forebay.cluster.raft;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.util.UUID;
import org.apache.ratis.protocol.ClientId;

/// Names a command among all of the cluster: the same name twice is the same command. Ratis remembers the
/// replies of the last minute by it.
record CommandName(ClientId client, long call) {
    static CommandName parse(String text) {
        int space = text.indexOf(' ');
        try {
            return new CommandName(
                    ClientId.valueOf(UUID.fromString(text.substring(0, space))),
                    Long.parseLong(text.substring(space + 1)));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new StoreException(ErrorCode.INVALID_ARGUMENT, "\"" + text + "\" names no command", e);
        }
    }

    String text() {
        return client.getUuid() + " " + call;
    }
}
