package io.forebay.protocol.api.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class BucketListTest {
    @Test
    void msgpackEqualsTheWorkedExample() {
        BucketList.Entry entry = new BucketList.Entry("a", "", "", "", "", "", 5, 0, BucketList.Entry.CACHED);
        BucketList list = new BucketList("abcdefghi", "", List.of(entry));
        assertThat(HexFormat.of().formatHex(list.msgpack()))
                .isEqualTo("84a455554944a9616263646566676869b1436f6e74696e756174696f6e546f6b656ea0"
                        + "a7456e74726965739183a16ea161a17305a16640a5466c61677300");
    }

    @Test
    void emptyMsgpackListHasAllFourKeys() {
        assertThat(HexFormat.of().formatHex(new BucketList("u", "t", List.of()).msgpack()))
                .isEqualTo("84a455554944a175b1436f6e74696e756174696f6e546f6b656ea174a7456e747269657390"
                        + "a5466c61677300");
    }

    @Test
    void jsonHasSizesAsTextAndLeavesOutWhatIsEmpty() {
        BucketList.Entry full =
                new BucketList.Entry("d/é", "cs", "at", "7", "t[x]", "[k:v]", 9_007_199_254_740_993L, 2, 64);
        BucketList list =
                new BucketList("u", "d/é", List.of(BucketList.Entry.named("d/", BucketList.Entry.DIRECTORY), full));
        assertThat(new String(list.json(), StandardCharsets.UTF_8))
                .isEqualTo("{\"uuid\":\"u\",\"continuation_token\":\"d/é\",\"entries\":["
                        + "{\"name\":\"d/\",\"flags\":256},"
                        + "{\"name\":\"d/é\",\"checksum\":\"cs\",\"atime\":\"at\",\"version\":\"7\","
                        + "\"location\":\"t[x]\",\"custom-md\":\"[k:v]\",\"size\":\"9007199254740993\","
                        + "\"copies\":2,\"flags\":64}],\"flags\":0}");
    }
}
