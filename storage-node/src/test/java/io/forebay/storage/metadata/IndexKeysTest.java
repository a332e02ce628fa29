package io.forebay.storage.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class IndexKeysTest {

    @Test
    void keysAreWrittenAsDocumented() {
        assertThat(IndexKeys.object(258, "a\0b")).containsExactly(0, 0, 0, 0, 0, 0, 1, 2, 'a', 0, 0xFF, 'b');
        assertThat(IndexKeys.upload(1, "a", "id")).containsExactly(0, 0, 0, 0, 0, 0, 0, 1, 'a', 0, 0, 'i', 'd');
        assertThat(IndexKeys.part(IndexKeys.upload(1, "a", "id"), 515))
                .containsExactly(0, 0, 0, 0, 0, 0, 0, 1, 'a', 0, 0, 'i', 'd', 0, 0, 0, 2, 3);
    }

    @Test
    void byteOrderIsNameOrderAndNamesComeBack() {
        Random random = new Random(5);
        for (int round = 0; round < 20_000; round++) {
            String left = name(random);
            String right = name(random);
            int expected = Integer.signum(Arrays.compareUnsigned(
                    left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8)));
            assertThat(compare(IndexKeys.object(1, left), IndexKeys.object(1, right)))
                    .isEqualTo(expected);
            assertThat(IndexKeys.name(IndexKeys.object(9, left))).isEqualTo(left);
            byte[] upload = IndexKeys.upload(9, left, "abc123");
            assertThat(IndexKeys.name(upload)).isEqualTo(left);
            assertThat(IndexKeys.uploadId(upload)).isEqualTo("abc123");
            if (expected != 0) {
                assertThat(compare(IndexKeys.upload(1, left, "zz"), IndexKeys.upload(1, right, "a")))
                        .isEqualTo(expected);
            }
            assertThat(compare(IndexKeys.object(1, left), IndexKeys.object(2, right)))
                    .isEqualTo(-1);
        }
    }

    @Test
    void boundsLieWhereTheyMust() {
        byte[] upload = IndexKeys.upload(1, "n", "id");
        assertThat(compare(upload, IndexKeys.pastUploads(1, "n"))).isNegative();
        assertThat(compare(IndexKeys.pastUploads(1, "n"), IndexKeys.upload(1, "n\0", "a")))
                .isNegative();
        assertThat(compare(IndexKeys.part(upload, 1), IndexKeys.partsStart(upload)))
                .isPositive();
        assertThat(compare(IndexKeys.part(upload, Integer.MAX_VALUE), IndexKeys.partsEnd(upload)))
                .isNegative();
        assertThat(IndexKeys.partNumber(IndexKeys.part(upload, 77))).isEqualTo(77);
        assertThat(compare(IndexKeys.object(1, "a/zz"), IndexKeys.pastPrefix(1, "a/")))
                .isNegative();
        assertThat(compare(IndexKeys.object(1, "a0"), IndexKeys.pastPrefix(1, "a/")))
                .isGreaterThanOrEqualTo(0);
        assertThat(IndexKeys.pastPrefix(1, "")).isEqualTo(IndexKeys.bucketEnd(1));
    }

    private static int compare(byte[] left, byte[] right) {
        return Integer.signum(Arrays.compareUnsigned(left, right));
    }

    private static String name(Random random) {
        StringBuilder name = new StringBuilder();
        for (int left = random.nextInt(1, 6); left > 0; left--) {
            name.appendCodePoint(
                    switch (random.nextInt(5)) {
                        case 0 -> 0;
                        case 1 -> 1;
                        case 2 -> 0xE9;
                        case 3 -> 0x1F600;
                        default -> 'a' + random.nextInt(3);
                    });
        }
        return name.toString();
    }

    @Test
    void keysOfUploadsAreToldFromThoseOfObjects() {
        for (String name : List.of("a", "ab", "a\u0000", "a\u0000b", "\u0000", "a/b\u00e4")) {
            byte[] object = IndexKeys.object(3, name);
            byte[] upload = IndexKeys.upload(3, name, "0123");
            assertThat(IndexKeys.isUpload(object)).as(name).isFalse();
            assertThat(IndexKeys.isUpload(upload)).as(name).isTrue();
            assertThat(IndexKeys.objectOf(object)).as(name).isEqualTo(object);
            assertThat(IndexKeys.objectOf(upload)).as(name).isEqualTo(object);
        }
    }
}
