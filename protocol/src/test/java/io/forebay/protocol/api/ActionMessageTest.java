package io.forebay.protocol.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.protocol.api.batch.BatchRequest;
import io.forebay.protocol.api.cluster.NodeRemoval;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ActionMessageTest {
    record Selection(String template, int count) {}

    @Test
    void keysMatchWithoutCaseAndUnknownOnesPass() {
        ActionMessage message = parse("{\"ACTION\":\"list\",\"Name\":null,\"extra\":1,\"value\":{\"TEMPLATE\":\"a\"}}");
        assertThat(message.action()).isEqualTo("list");
        assertThat(message.name()).isEmpty();
        assertThat(message.value(Selection.class)).isEqualTo(new Selection("a", 0));
    }

    @Test
    void emptyBodyIsAnEmptyMessage() {
        assertThat(parse("")).isEqualTo(ActionMessage.EMPTY);
        assertThat(parse(" \n")).isEqualTo(ActionMessage.EMPTY);
    }

    @Test
    void absentValueIsAnEmptyMessageOfItsOwn() {
        assertThat(parse("{\"action\":\"x\",\"value\":null}").valueMap()).isEqualTo(Map.of());
    }

    @Test
    void otherShapesAreTheCallersFault() {
        for (String json : new String[] {"[]", "{", "7", "null", "{\"action\":{}}"}) {
            assertThatThrownBy(() -> parse(json))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
        }
        ActionMessage message = parse("{\"action\":\"x\",\"value\":[1]}");
        assertThatThrownBy(message::valueMap).hasMessageContaining("expecting a JSON object");
        assertThatThrownBy(() -> message.value(Selection.class)).isInstanceOf(StoreException.class);
    }

    @Test
    void halfOfASurrogatePairIsRefused() {
        for (String json : new String[] {"{\"action\":\"\\ud83d\"}", "{\"\\ude00\\ud83d\":1}"}) {
            assertThatThrownBy(() -> parse(json)).hasMessageContaining("half of a surrogate pair at byte");
        }
        byte[] raw = {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'};
        assertThatThrownBy(() -> ActionMessage.parse(raw)).hasMessageContaining("half of a surrogate pair at byte 1");
        assertThat(parse("{\"action\":\"\\\\ud83d \\ud83d\\ude00\"}").action()).isEqualTo("\\ud83d \ud83d\ude00");
        assertThatThrownBy(() -> ActionMessage.parse("{}".getBytes(StandardCharsets.UTF_16LE)))
                .hasMessageContaining("not in UTF-8");
    }

    @Test
    void whatIsWrongInAMessageIsSaidInItsWords() {
        assertThatThrownBy(() -> WireJson.read("{\"in\":[]}".getBytes(StandardCharsets.UTF_8), BatchRequest.class))
                .hasMessage("a batch without entries (\"in\" is empty)");
        assertThatThrownBy(() -> parse("{\"value\":{\"sids\":[null]}}").value(NodeRemoval.class))
                .hasMessage("invalid JSON message: sids[0] must not be null");
    }

    private static ActionMessage parse(String json) {
        return ActionMessage.parse(json.getBytes(StandardCharsets.UTF_8));
    }
}
