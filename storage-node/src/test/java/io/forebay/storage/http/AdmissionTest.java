package io.forebay.storage.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private final Metrics metrics = new Metrics();
    private final Admission admission = new Admission(2, 100, metrics, "node=\"n1\"");

    @Test
    void refusesRequestsOverTheLimitUntilOneLeft() {
        admission.enter();
        admission.enter();
        assertThatThrownBy(admission::enter)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BUSY))
                .hasMessageStartingWith("Too Many Requests");
        assertThat(metrics.text())
                .contains("forebay_node_refused_total{node=\"n1\",limit=\"max-requests\"} 1")
                .contains("forebay_node_requests_in_flight{node=\"n1\"} 2");
        admission.leave();
        admission.enter();
    }

    @Test
    void refusesUploadsOverTheLimitUntilOneEnded() {
        Admission.UploadPermit first = admission.admitUpload(60);
        assertThatThrownBy(() -> admission.admitUpload(41)).hasMessageContaining("uploads of 60 bytes are under way");
        admission.admitUpload(40).close();
        first.close();
        admission.admitUpload(41).close();
    }

    @Test
    void uploadOverTheWholeLimitIsAdmittedAlone() {
        try (Admission.UploadPermit large = admission.admitUpload(1000)) {
            assertThat(large).isNotNull();
            assertThatThrownBy(() -> admission.admitUpload(1)).isInstanceOf(StoreException.class);
        }
        admission.admitUpload(1).close();
    }
}
