package io.forebay.protocol.api.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.protocol.api.WireJson;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BatchRequestTest {
    private static BatchRequest read(String json) {
        return WireJson.read(json.getBytes(StandardCharsets.UTF_8), BatchRequest.class);
    }

    private static BatchEntry entry(String json) {
        return read("{\"in\":[" + json + "]}").entries().getFirst();
    }

    @Test
    void everyPartOfAnEntryIsRead() {
        assertThat(entry("{\"objname\":\"o\",\"bucket\":\"b\",\"provider\":\"ais\",\"uname\":\"u\",\"archpath\":\"m\","
                        + "\"opaque\":\"YQ==\",\"start\":3,\"length\":-1}"))
                .isEqualTo(new BatchEntry("o", "b", "ais", "u", "m", "YQ==", 3, -1));
        BatchEntry written = new BatchEntry("o", "b", "ais", "u", "m", "YQ==", 3, 4);
        assertThat(entry(new String(WireJson.write(written), StandardCharsets.UTF_8)))
                .isEqualTo(written);
    }

    @Test
    void whatIsLeftOutIsEmpty() {
        BatchEntry empty = new BatchEntry(null, null, null, null, null, null, 0, 0);
        assertThat(entry("{}")).isEqualTo(empty);
        assertThat(entry("{\"objname\":null,\"start\":null}")).isEqualTo(empty);
    }

    @Test
    void namesMatchWithoutCaseAndUnknownOnesPass() {
        assertThat(entry("{\"ObjName\":\"o\",\"more\":{\"objname\":[1,{\"start\":2}]},\"START\":7,\"other\":[[]]}"))
                .isEqualTo(new BatchEntry("o", null, null, null, null, null, 7, 0));
    }

    @Test
    void plainValuesAreTakenForEachOther() {
        assertThat(entry("{\"objname\":12,\"start\":\"7\",\"length\":2.0,\"bucket\":true}"))
                .isEqualTo(new BatchEntry("12", "true", null, null, null, null, 7, 2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"objname\":{}}",
                "{\"objname\":[\"a\"]}",
                "{\"start\":{}}",
                "{\"start\":\"x\"}",
                "{\"start\":99999999999999999999}",
                "[]",
                "1",
                "\"o\"",
                "{\"objname\":\"o\""
            })
    void whatIsNoEntryIsRefused(String json) {
        assertThatThrownBy(() -> entry(json))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageStartingWith("invalid JSON message: ");
    }
}
