package io.forebay.cluster.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cluster.state.Command;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CommandBatchTest {
    private static final Command LEAVE = new Command.Leave(new NodeId("t1"));
    private static final Command ACTIVATE = new Command.Activate(3);

    /// Nodes of neighbouring versions send it to each other, so it never changes.
    @Test
    void encodingIsGolden() {
        byte[] bytes = new CommandBatch(7, List.of(new byte[] {1, 2}, new byte[] {3})).encode();
        assertThat(HexFormat.of().formatHex(bytes))
                .isEqualTo("01" + "0000000000000007" + "00000002" + "000000020102" + "0000000103");
    }

    @Test
    void commandsComeBackInOrder() {
        CommandBatch batch = new CommandBatch(41, List.of(CommandCodec.encode(LEAVE), CommandCodec.encode(ACTIVATE)));
        CommandBatch decoded = CommandBatch.decode(batch.encode());
        assertThat(decoded.after()).isEqualTo(41);
        assertThat(decoded.commands()).hasSize(2);
        assertThat(decoded.command(0)).isEqualTo(LEAVE);
        assertThat(decoded.command(1)).isEqualTo(ACTIVATE);
    }

    @Test
    void everyShorterOrLongerTextIsCorrupt() {
        byte[] bytes = new CommandBatch(7, List.of(CommandCodec.encode(LEAVE), CommandCodec.encode(ACTIVATE))).encode();
        for (int length = 0; length <= bytes.length + 1; length++) {
            byte[] other = Arrays.copyOf(bytes, length);
            if (length != bytes.length) {
                assertThatThrownBy(() -> CommandBatch.decode(other))
                        .isInstanceOfSatisfying(
                                StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
            }
        }
    }

    @Test
    void newerFormatIsNamed() {
        byte[] bytes = new CommandBatch(7, List.of()).encode();
        bytes[0] = 2;
        assertThatThrownBy(() -> CommandBatch.decode(bytes))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED));
    }
}
