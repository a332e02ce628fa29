package io.forebay.gateway.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.cluster.watch.CurrentState;
import io.forebay.cluster.watch.InMemoryCommandLog;
import io.forebay.common.config.Settings;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.NodeId;
import io.forebay.protocol.api.control.JoinReply;
import io.forebay.protocol.api.control.JoinRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AdmissionTest {
    private static final String DATA = "http://10.0.0.1:8080";
    private static final String CONTROL = "http://10.0.0.1:8081";

    private final CurrentState state = new CurrentState();
    private final InMemoryCommandLog log = new InMemoryCommandLog(state);
    private final List<String> voters = new ArrayList<>();
    private final Admission admission = new Admission(
            state,
            log,
            (id, url) -> voters.add(id + " " + url),
            3,
            Settings.defaults(SupervisorConfig.class),
            new Metrics());

    AdmissionTest() {
        log.submit(new Command.Found("c1", 1));
    }

    @Test
    void newStorageNodeIsEntered() {
        JoinReply reply = admission.admit(storage("t1", ""));
        assertThat(reply).isEqualTo(new JoinReply("c1", 2, false));
        assertThat(state.current().node(new NodeId("t1")))
                .isEqualTo(new Node(new NodeId("t1"), Node.Role.STORAGE, DATA, CONTROL, Node.Phase.ACTIVE));
        assertThat(voters).isEmpty();
    }

    @Test
    void gatewayIsOfferedAVote() {
        assertThat(admission
                        .admit(new JoinRequest("g2", "GATEWAY", DATA, CONTROL, "", 3, 5000))
                        .votes())
                .isTrue();
        assertThat(voters).containsExactly("g2 " + CONTROL);
    }

    @Test
    void nodeThatIsThereAlreadyChangesNothing() {
        admission.admit(storage("t1", ""));
        assertThat(admission.admit(storage("t1", "c1")).stateVersion()).isEqualTo(2);
        assertThat(state.current().version()).isEqualTo(2);
    }

    @Test
    void nodeInMaintenanceStaysThereUnderItsNewAddress() {
        admission.admit(storage("t1", ""));
        log.submit(new Command.SetPhase(new NodeId("t1"), Node.Phase.MAINTENANCE));
        admission.admit(new JoinRequest("t1", "STORAGE", "http://10.0.0.9:1", CONTROL, "c1", 3, 0));
        assertThat(state.current().node(new NodeId("t1")))
                .isEqualTo(new Node(
                        new NodeId("t1"), Node.Role.STORAGE, "http://10.0.0.9:1", CONTROL, Node.Phase.MAINTENANCE));
    }

    @Test
    void dataOfAnotherClusterIsRefused() {
        assertRefused(storage("t1", "c2"), ErrorCode.IN_USE, "has data of cluster c2, and this is cluster c1");
    }

    @Test
    void nodeThatHasLeftIsRefusedBecauseItsDataMayBeOlder() {
        assertRefused(storage("t1", "c1"), ErrorCode.IN_USE, "has left this cluster");
    }

    @Test
    void idOfAnotherRoleIsRefused() {
        admission.admit(storage("t1", ""));
        assertRefused(new JoinRequest("t1", "GATEWAY", DATA, CONTROL, "", 3, 5000), ErrorCode.IN_USE, "as STORAGE");
    }

    @Test
    void folderOfAnotherFormatIsRefused() {
        assertRefused(new JoinRequest("t1", "STORAGE", DATA, CONTROL, "", 4, 0), ErrorCode.UNSUPPORTED, "format 4");
    }

    @Test
    void gatewayWithAnotherLeaseIsRefused() {
        assertRefused(
                new JoinRequest("g2", "GATEWAY", DATA, CONTROL, "", 3, 7000),
                ErrorCode.INVALID_ARGUMENT,
                "gateway.supervisor.lease is 7000 ms at node g2 and 5000 ms here");
    }

    @Test
    void whatIsNoAddressIsRefused() {
        assertRefused(
                new JoinRequest("t1", "STORAGE", "10.0.0.1", CONTROL, "", 3, 0),
                ErrorCode.INVALID_ARGUMENT,
                "is not the address of a port");
    }

    private static JoinRequest storage(String id, String clusterId) {
        return new JoinRequest(id, "STORAGE", DATA, CONTROL, clusterId, 3, 0);
    }

    private void assertRefused(JoinRequest request, ErrorCode code, String words) {
        long before = state.current().version();
        assertThatThrownBy(() -> admission.admit(request)).isInstanceOfSatisfying(StoreException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e.text()).contains(words);
        });
        assertThat(state.current().version()).isEqualTo(before);
    }
}
