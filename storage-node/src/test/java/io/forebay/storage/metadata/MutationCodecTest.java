package io.forebay.storage.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MutationCodecTest {
    private static final List<Mutation> MUTATIONS = List.of(
            new Mutation.Put(Family.CURRENT, new byte[] {1, 2}, new byte[] {3, 4, 5}, new byte[] {9}),
            new Mutation.Remove(Family.UPLOADS, new byte[] {6}, null, 9),
            new Mutation.RemoveRange(Family.PARTS, new byte[] {7}, new byte[] {8, 8}, List.of(), 10));

    @Test
    void mutationsAreWrittenAsDocumented() {
        assertThat(HexFormat.of().formatHex(encoded()))
                .isEqualTo("0101" + "0002" + "00000003" + "0102" + "030405"
                        + "0403" + "0001" + "00000008" + "06" + "0000000000000009"
                        + "0504" + "0001" + "0000000a" + "07" + "000000000000000a" + "0808");
    }

    @Test
    void mutationsComeBackWithoutWhatWasBefore() {
        List<Mutation> read = MutationCodec.read(ByteBuffer.wrap(encoded()));
        assertThat(read).hasSize(3);
        assertThat(read.getFirst()).isInstanceOfSatisfying(Mutation.Put.class, put -> {
            assertThat(put.value()).containsExactly(3, 4, 5);
            assertThat(put.before()).isNull();
        });
        assertThat(read.get(1))
                .isInstanceOfSatisfying(
                        Mutation.Remove.class,
                        remove -> assertThat(remove.until()).isEqualTo(9));
        assertThat(read.get(2))
                .isInstanceOfSatisfying(
                        Mutation.RemoveRange.class,
                        range -> assertThat(range.to()).containsExactly(8, 8));
    }

    @Test
    void removalsOfFormatOneTakeWhateverIsThere() {
        byte[] encoded = HexFormat.of().parseHex("0203" + "0001" + "00000000" + "06" + "0304" + "000100000002070808");
        List<Mutation> read = MutationCodec.read(ByteBuffer.wrap(encoded));
        assertThat(read.getFirst())
                .isInstanceOfSatisfying(
                        Mutation.Remove.class,
                        remove -> assertThat(remove.until()).isEqualTo(Mutation.ANYTHING));
        assertThat(read.get(1)).isInstanceOfSatisfying(Mutation.RemoveRange.class, range -> {
            assertThat(range.until()).isEqualTo(Mutation.ANYTHING);
            assertThat(range.to()).containsExactly(8, 8);
        });
    }

    @Test
    void damagedMutationsAreCorrupt() {
        byte[] whole = encoded();
        for (int length = 1; length < whole.length; length++) {
            for (int flip = 0; flip < 8; flip++) {
                byte[] damaged = java.util.Arrays.copyOf(whole, length);
                damaged[length - 1] ^= (byte) (1 << flip);
                try {
                    MutationCodec.read(ByteBuffer.wrap(damaged));
                } catch (StoreException e) {
                    assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT);
                }
            }
        }
    }

    private static byte[] encoded() {
        ByteBuffer out = ByteBuffer.allocate(MutationCodec.length(MUTATIONS));
        MutationCodec.write(MUTATIONS, out);
        assertThat(out.hasRemaining()).isFalse();
        return out.array();
    }
}
