package io.forebay.protocol.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.error.StoreException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PageCodecTest {
    private static final Page.Entry FULL = new Page.Entry(
            "a/ü\u0001",
            false,
            Long.MAX_VALUE,
            1_700_000_000_123L,
            1_700_000_000_123_456_789L,
            7,
            "0123-x",
            Map.of("xxhash2", "00ff", "md5", "ab"),
            "crc32c=AAAAAA==-3",
            Map.of("k", "v=w", "ü", ""));

    @Test
    void everyFieldSurvives() {
        Page page = new Page(List.of(FULL, Page.Entry.group("b/")), true);
        assertThat(PageCodec.decode(PageCodec.encode(page, true))).isEqualTo(page);
    }

    @Test
    void pageWithoutAttributesKeepsNameSizeAndGroup() {
        Page page = new Page(List.of(FULL, Page.Entry.group("b/")), false);
        Page bare = PageCodec.decode(PageCodec.encode(page, false));
        assertThat(bare.truncated()).isFalse();
        assertThat(bare.entries())
                .containsExactly(
                        new Page.Entry(FULL.name(), false, FULL.size(), 0, 0, 0, "", Map.of(), "", Map.of()),
                        Page.Entry.group("b/"));
    }

    @Test
    void stampsSurviveWithAndWithoutAttributes() {
        Page.Entry plain = new Page.Entry("p", false, 5, 0, 0, 0, "", Map.of(), "", Map.of());
        Page full = new Page(List.of(Page.Entry.removed("gone", 4, 9), FULL.stamped(6, FULL.version())), true);
        Page bare = new Page(List.of(plain.stamped(3, 2), Page.Entry.removed("gone", 4, 9)), true);
        assertThat(PageCodec.decode(PageCodec.encode(full, true))).isEqualTo(full);
        assertThat(PageCodec.decode(PageCodec.encode(bare, false))).isEqualTo(bare);
    }

    @Test
    void emptyPageIsThreeBytes() {
        byte[] bytes = PageCodec.encode(Page.EMPTY, true);
        assertThat(bytes).hasSize(3);
        assertThat(PageCodec.decode(bytes)).isEqualTo(Page.EMPTY);
    }

    @Test
    void otherShapesAreRefused() {
        byte fields = (byte) 0x90;
        for (byte[] bytes : new byte[][] {
            {(byte) (fields + 3), (byte) 0xC2, fields, 0},
            {(byte) (fields + 2), (byte) 0xC2, fields, 0},
            {(byte) (fields + 2), (byte) 0xC2, (byte) (fields + 1), (byte) (fields + 5), (byte) 0xA1, 'a', 1, 1, 1, 1},
            {(byte) (fields + 2), (byte) 0xC2, (byte) (fields + 1), (byte) (fields + 4), (byte) 0xA1, 'a', 1, 0, 3}
        }) {
            assertThatThrownBy(() -> PageCodec.decode(bytes)).hasMessageContaining("is malformed");
        }
    }

    @Test
    void brokenBytesAreRefused() {
        byte[] whole = PageCodec.encode(new Page(List.of(FULL), true), true);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> PageCodec.decode(cut)).isInstanceOf(StoreException.class);
        }
        assertThatThrownBy(() -> PageCodec.decode(new byte[] {'{', '}'})).isInstanceOf(StoreException.class);
    }
}
