package io.forebay.gateway.listing;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.gateway.PageModel;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NameOrderTest {
    private static final int[] CODE_POINTS = {
        'a', 'b', '/', 0x7f, 0x80, 0xe9, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xfffd, 0xffff, 0x10000, 0x1f600, 0x10ffff
    };

    @Test
    void ordersAsTheBytesOfUtf8Do() {
        Random random = new Random(7);
        for (int round = 0; round < 50_000; round++) {
            String left = text(random);
            String right = text(random);
            assertThat(Integer.signum(NameOrder.compare(left, right)))
                    .as("%s and %s", left, right)
                    .isEqualTo(Integer.signum(PageModel.compare(left, right)));
        }
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(4); left > 0; left--) {
            text.appendCodePoint(CODE_POINTS[random.nextInt(CODE_POINTS.length)]);
        }
        return text.toString();
    }
}
