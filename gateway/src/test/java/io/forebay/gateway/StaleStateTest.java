package io.forebay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.watch.QuorumContact;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.time.SteerableTime;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Method;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A gateway that hears nothing of those who change the cluster's state.
final class StaleStateTest {
    private static final String S3 = "/bucket-one?location";
    private static final String AIS = "/v1/daemon?what=smap";

    private final SteerableTime time = new SteerableTime();
    private final QuorumContact contact = new QuorumContact(Duration.ofSeconds(3), time, new Metrics());
    private final TestCluster cluster = TestCluster.withContact(contact, "t1").bucket("bucket-one", Map.of());

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void answersSayNothingWhileThereIsContact() {
        time.advance(Duration.ofSeconds(3));
        assertAnswered(S3, null);
        assertAnswered(AIS, null);
    }

    @Test
    void answersGoOnWithoutContactAndSayForHowLongThereIsNone() {
        time.advance(Duration.ofSeconds(90));
        assertAnswered(S3, "90");
        assertAnswered(AIS, "90");
        contact.confirm(time.nanos());
        assertAnswered(S3, null);
        assertAnswered(AIS, null);
    }

    @Test
    void tooOldAStateIsRefusedInWordsByBothFaces() {
        time.advance(Duration.ofMinutes(10).plusSeconds(1));
        for (String target : new String[] {S3, AIS}) {
            TestCluster.Answer answer = cluster.call(Method.GET, target);
            assertThat(answer.status()).as(target).isEqualTo(503);
            assertThat(answer.text()).contains("no contact to a majority").contains("gateway.state-max-age");
            assertThat(answer.headers().find(NodeHeaders.STALE_STATE)).isEqualTo("601");
        }
    }

    private void assertAnswered(String target, @Nullable String stale) {
        TestCluster.Answer answer = cluster.call(Method.GET, target);
        assertThat(answer.status()).as(target).isEqualTo(200);
        assertThat(answer.headers().find(NodeHeaders.STALE_STATE)).isEqualTo(stale);
    }
}
