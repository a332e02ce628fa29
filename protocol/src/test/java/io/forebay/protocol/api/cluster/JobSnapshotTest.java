package io.forebay.protocol.api.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.common.model.BucketName;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.api.control.Rebalance;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class JobSnapshotTest {
    private static final String NONE = "{\"name\":\"\",\"provider\":\"\",\"namespace\":{\"uuid\":\"\",\"name\":\"\"}}";

    @Test
    void runningRebalanceIsGolden() {
        Rebalance progress = new Rebalance(5, false, 7, 700, 300, 2, 200, 1_700_000_000_000L, 0);
        assertThat(text("g5", "rebalance", null, progress, false))
                .isEqualTo("{\"ext\":null,\"start-time\":\"2023-11-14T22:13:20Z\","
                        + "\"end-time\":\"0001-01-01T00:00:00Z\",\"bck\":" + NONE + ",\"src-bck\":" + NONE
                        + ",\"dst-bck\":" + NONE + ",\"id\":\"g5\",\"kind\":\"rebalance\","
                        + "\"ctlmsg\":\"about 300 bytes left\",\"abort-err\":\"\",\"err\":\"\",\"glob.id\":\"0\","
                        + "\"stats\":{\"loc-objs\":\"7\",\"loc-bytes\":\"700\",\"out-objs\":\"2\",\"out-bytes\":\"200\","
                        + "\"in-objs\":\"5\",\"in-bytes\":\"500\"},\"aborted\":false,\"is_idle\":false}");
    }

    @Test
    void finishedJobOfABucketHasItsEndAndItsBucket() {
        Rebalance progress = new Rebalance(5, true, 0, 0, 0, 0, 0, 1_700_000_000_000L, 1_700_000_001_000L);
        assertThat(text("mirror-5-1", "make-n-copies", BucketName.of("b"), progress, false))
                .contains("\"end-time\":\"2023-11-14T22:13:21Z\",\"bck\":{\"name\":\"b\",\"provider\":\"ais\"")
                .doesNotContain("ctlmsg");
    }

    @Test
    void jobThatIsOverHasAnEndWhateverTheNodeTells() {
        assertThat(text("g5", "rebalance", null, new Rebalance(5, false, 0, 0, 9), true))
                .contains("\"start-time\":\"0001-01-01T00:00:00Z\",\"end-time\":\"1970-01-01T00:00:00.001Z\"")
                .doesNotContain("ctlmsg");
    }

    private static String text(String id, String kind, @Nullable BucketName bucket, Rebalance progress, boolean ended) {
        return new String(WireJson.write(JobSnapshot.json(id, kind, bucket, progress, ended)), StandardCharsets.UTF_8);
    }
}
