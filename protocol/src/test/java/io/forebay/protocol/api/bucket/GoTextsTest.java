package io.forebay.protocol.api.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The texts that Go programs write: durations, sizes, times and masks.
class GoTextsTest {
    /// 2026-03-04T05:06:07.089000001Z, a Wednesday.
    private static final long MOMENT = 1_772_600_767_089_000_001L;

    @ParameterizedTest
    @CsvSource({
        "2h,2h0m",
        "120m,2h0m",
        "10m,10m",
        "90s,1m30s",
        "1h0m1s,1h0m1s",
        "250ms,250ms",
        "1.5s,1.5s",
        "0,0s",
        "1500us,1.5ms",
        "7ns,7ns",
        "4.206568201s,4.206568201s",
        "2562047h47m16.854775807s,2562047h47m16.854775807s",
        "-2m,-2m",
        "0.000001s,1µs"
    })
    void durationsReadAndPrint(String text, String printed) {
        assertThat(GoDuration.format(GoDuration.parse(text))).isEqualTo(printed);
    }

    @ParameterizedTest
    @CsvSource({"0,0B", "512B,512B", "1024,1KiB", "4mib,4MiB", "1536KiB,2MiB", "1GB,954MiB", "1t,1TiB", "2.5k,3KiB"})
    void sizesReadAndPrint(String text, String printed) {
        assertThat(IecSize.format(IecSize.parse(text))).isEqualTo(printed);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    02 Jan 06 15:04 MST                 | 04 Mar 26 05:06 UTC
                    2006-01-02T15:04:05Z07:00           | 2026-03-04T05:06:07Z
                    2006-01-02T15:04:05.999999999Z07:00 | 2026-03-04T05:06:07.089000001Z
                    2006-01-02T15:04:05.000Z07:00       | 2026-03-04T05:06:07.089Z
                    Mon Jan _2 15:04:05 2006            | Wed Mar  4 05:06:07 2026
                    Monday, 02-Jan-06 15:04:05 MST      | Wednesday, 04-Mar-26 05:06:07 UTC
                    3:04PM                              | 5:06AM
                    Jan _2 15:04:05.99                  | Mar  4 05:06:07.08
                    02 Jan 2006 15:04:05 -0700          | 04 Mar 2026 05:06:07 +0000
                    """)
    void timesFollowALayout(String layout, String printed) {
        assertThat(new GoTimeLayout(layout).format(MOMENT)).isEqualTo(printed);
    }

    @Test
    void masksDescribeTheirFirstRights() {
        assertThat(AccessMask.ALL.toString()).isEqualTo("18446744073709551615");
        assertThat(AccessMask.ALL.describe()).isEqualTo("GET,HEAD-OBJECT,PUT,APPEND, ...");
        assertThat(AccessMask.parse("771").describe()).isEqualTo("GET,HEAD-OBJECT,HEAD-BUCKET,LIST-OBJECTS");
        assertThat(AccessMask.parse("0").describe()).isEqualTo("none");
        assertThat(AccessMask.parse("131072").allows(AccessMask.Right.ADMIN)).isTrue();
    }
}
