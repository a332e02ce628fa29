package io.forebay.common.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class XxHash64Test {
    private static final long PRIME_32 = 2654435761L;

    @ParameterizedTest
    @CsvSource({
        "'', ef46db3751d8e999",
        "a, d24ec4f1a98c6e5b",
        "abc, 44bc2cf5ad770999",
        "Nobody inspects the spammish repetition, fbcea83c8a378bf1",
        "ais/@#/mybck/obj, f47553b26b1888a9"
    })
    void knownTexts(String text, String hex) {
        assertThat(Long.toHexString(XxHash64.hash(text.getBytes(UTF_8), 0))).isEqualTo(hex);
        XxHash64 stream = new XxHash64();
        stream.update(ByteBuffer.wrap(text.getBytes(UTF_8)));
        assertThat(stream.finish().hex()).isEqualTo(hex);
    }

    /// The reference implementation's own vectors: its test buffer and its seed.
    @ParameterizedTest
    @CsvSource({
        "0, 0, EF46DB3751D8E999",
        "0, 1, AC75FDA2929B17EF",
        "1, 0, E934A84ADB052768",
        "1, 1, 5014607643A9B4C3",
        "4, 0, 9136A0DCA57457EE",
        "14, 0, 8282DCC4994E35C8",
        "14, 1, C3BD6BF63DEB6DF0",
        "222, 0, B641AE8CB691C174",
        "222, 1, 20CB8AB7AE10C14A"
    })
    void referenceBuffer(int length, int seeded, String hex) {
        byte[] bytes = new byte[length];
        long generator = PRIME_32;
        for (int index = 0; index < length; index++) {
            bytes[index] = (byte) (generator >>> 56);
            generator *= 0x9E3779B185EBCA8DL;
        }
        assertThat(XxHash64.hash(bytes, seeded * PRIME_32)).isEqualTo(Long.parseUnsignedLong(hex, 16));
    }

    @Test
    void everyLengthAndSplitAgreesOverHeapDirectAndSlicedBuffers() {
        Random random = new Random(11);
        for (int length = 0; length <= 300; length++) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            long seed = random.nextLong();
            long expected = XxHash64.hash(bytes, seed);
            ByteBuffer direct = ByteBuffer.allocateDirect(length + 3);
            direct.position(3).put(bytes).flip().position(3);
            assertThat(XxHash64.hash(direct, seed)).isEqualTo(expected);
            assertThat(XxHash64.hash(direct.slice().asReadOnlyBuffer(), seed)).isEqualTo(expected);
            assertThat(direct.position()).isEqualTo(3);
            assertThat(direct.remaining()).isEqualTo(length);
            XxHash64 stream = new XxHash64(seed);
            for (int from = 0; from < length; ) {
                int count = Math.min(length - from, random.nextInt(70));
                stream.update((random.nextBoolean() ? direct.slice() : ByteBuffer.wrap(bytes)).slice(from, count));
                from += count;
            }
            assertThat(stream.value()).as("length %s", length).isEqualTo(expected);
        }
    }
}
