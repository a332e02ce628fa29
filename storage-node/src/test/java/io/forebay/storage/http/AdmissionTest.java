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
        admission.enterUpload(60);
        assertThatThrownBy(() -> admission.enterUpload(41)).hasMessageContaining("uploads of 60 bytes are under way");
        admission.enterUpload(40);
        admission.leaveUpload(60);
        admission.enterUpload(41);
        assertThat(metrics.text()).contains("forebay_node_upload_bytes_in_flight{node=\"n1\"} 81");
    }

    @Test
    void uploadOverTheWholeLimitIsAdmittedAlone() {
        admission.enterUpload(1000);
        assertThatThrownBy(() -> admission.enterUpload(1)).isInstanceOf(StoreException.class);
        admission.leaveUpload(1000);
        admission.enterUpload(1);
    }
}
