package io.forebay.gateway.api.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.gateway.TestCluster;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AdminFaceTest {
    private static final String ONE_VOLUME = "{\"node\":\"t1\",\"volumes\":[{\"id\":\"v\",\"path\":\"/disk\","
            + "\"state\":\"enabled\",\"reason\":\"\",\"totalBytes\":9,\"freeBytes\":8,\"reserveBytes\":7,"
            + "\"usedBytes\":6,\"liveBytes\":5,\"objects\":4,\"objectsLeft\":3,\"bytesLeft\":2,\"ioErrors\":1}]}";

    private final List<String> asked = new ArrayList<>();

    @Test
    void volumesOfEveryNodeAreListed() {
        try (TestCluster cluster = answering(Reply.text(200, ONE_VOLUME))) {
            TestCluster.Answer reply = call(cluster, Method.GET, "/admin/volumes");
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.text()).isEqualTo("{\"nodes\":[" + ONE_VOLUME + "]}\n");
            assertThat(asked).containsExactly("GET /v1/daemon/volumes");
        }
    }

    @Test
    void nodeThatFailsIsSaidInItsWords() {
        NodeErrors node = new NodeErrors("t[t1]");
        StoreException failure = new StoreException(ErrorCode.VOLUME_FAILED, "the disk is gone");
        Request request = new Request(Method.GET, "/v1/daemon/volumes", new Headers());
        try (TestCluster cluster = answering(node.render(failure, DirectExchange.of(request, Body.empty())))) {
            TestCluster.Answer reply = call(cluster, Method.GET, "/admin/volumes");
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.text()).contains("the disk is gone");
        }
    }

    @Test
    void otherPathsAndMethodsAreRefused() {
        try (TestCluster cluster = answering(Reply.of(200))) {
            assertThat(call(cluster, Method.GET, "/admin/nothing").status()).isEqualTo(404);
            assertThat(call(cluster, Method.DELETE, "/admin/volumes").status()).isEqualTo(405);
        }
    }

    private TestCluster answering(Reply reply) {
        return TestCluster.answering((outer, node, request, body) -> {
            asked.add(request.method() + " " + request.target());
            return reply;
        });
    }

    private static TestCluster.Answer call(TestCluster cluster, Method method, String target) {
        return cluster.callAdmin(method, target, new Headers(), "");
    }
}
