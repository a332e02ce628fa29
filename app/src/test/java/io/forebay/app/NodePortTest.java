package io.forebay.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NodePortTest {
    private final NodePort port = new NodePort(exchange -> Reply.of(201), exchange -> Reply.of(202));

    @ParameterizedTest
    @CsvSource({
        "/v1/daemon?what=smap, 202",
        "/v1/daemon?what=bmd, 202",
        "/v1/daemon?what=node_status, 201",
        "/v1/daemon, 201",
        "/v1/daemons?what=smap, 201",
        "/v1/objects/b/o?what=smap, 201",
    })
    void onlyQuestionsAboutTheMapGoToTheGateway(String target, int status) {
        Request request = new Request(Method.GET, target, new Headers());
        assertThat(port.handle(DirectExchange.of(request, Body.empty())).status())
                .isEqualTo(status);
    }
}
