package io.forebay.storage.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.common.config.Secret;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.ObjectKey;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.RedirectSignature;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class NetworkDoorTest {
    private static final String SECRET = "secret";
    private static final Instant NOW = Instant.ofEpochMilli(1_000_000);

    private Headers seen = new Headers();

    @Test
    void headersOfOursCountOnlyWithTheSecret() {
        NetworkDoor door = door(NetworkDoor.Access.OPEN);
        call(
                door,
                "/v1/objects/b/o",
                new Headers().add("forebay-attributes", "1").add("X", "y"));
        assertThat(seen.toString()).isEqualTo("X: y\n");
        call(
                door,
                "/v1/objects/b/o",
                new Headers().add("Forebay-Attributes", "1").add("Forebay-Node-Secret", "guess"));
        assertThat(seen.count()).isZero();
        call(
                door,
                "/v1/objects/b/o",
                new Headers().add("Forebay-Attributes", "1").add("Forebay-Node-Secret", SECRET));
        assertThat(seen.find("Forebay-Attributes")).isEqualTo("1");
    }

    @Test
    void onlyNodesAskAsNodesDo() {
        NetworkDoor door = door(NetworkDoor.Access.OPEN);
        assertThat(call(door, "/v1/peer/b/o?what=held", new Headers())).isEqualTo(403);
        assertThat(call(door, "/v1/peer/b/o?what=held", new Headers().add("Forebay-Node-Secret", SECRET)))
                .isEqualTo(200);
    }

    @Test
    void signedDoorAdmitsOnlyRedirectsSecretsAndHealth() {
        NetworkDoor door = door(NetworkDoor.Access.SIGNED);
        assertThat(call(door, "/v1/objects/b/a%20b", new Headers())).isEqualTo(403);
        assertThat(call(door, "/v1/buckets/b?what=page", new Headers())).isEqualTo(403);
        assertThat(call(door, "/v1/daemon?what=config", new Headers())).isEqualTo(403);
        assertThat(call(door, "/elsewhere", new Headers())).isEqualTo(400);
        assertThat(call(door, "/v1/health", new Headers())).isEqualTo(200);
        assertThat(call(door, "/v1/daemon", new Headers().add("Forebay-Node-Secret", SECRET)))
                .isEqualTo(200);
        ObjectKey key = new ObjectKey(BucketName.of("b"), "a b");
        RedirectSignature signature = new RedirectSignature(SECRET);
        String query = signature.sign(Method.GET, key, NOW.toEpochMilli() + 1);
        assertThat(call(door, "/v1/objects/b/a%20b?" + query, new Headers())).isEqualTo(200);
        assertThat(call(door, "/v1/objects/b/other?" + query, new Headers())).isEqualTo(403);
        String expired = signature.sign(Method.GET, key, NOW.toEpochMilli());
        assertThat(call(door, "/v1/objects/b/a%20b?" + expired, new Headers())).isEqualTo(403);
        String forPut = signature.sign(Method.PUT, key, NOW.toEpochMilli() + 1);
        assertThat(call(door, "/v1/objects/b/a%20b?" + forPut, new Headers())).isEqualTo(403);
    }

    /// Whoever was let in to write one object must not make the node write another, or do what a message says.
    @Test
    void redirectAdmitsToNothingThatItsSignatureDoesNotCover() {
        NetworkDoor door = door(NetworkDoor.Access.SIGNED);
        ObjectKey key = new ObjectKey(BucketName.of("b"), "o");
        RedirectSignature signature = new RedirectSignature(SECRET);
        String put = "/v1/objects/b/o?" + signature.sign(Method.PUT, key, NOW.toEpochMilli() + 1);
        assertThat(call(door, Method.PUT, put)).isEqualTo(200);
        assertThat(call(door, Method.PUT, put + "&object_to=ais/@%23/c/o")).isEqualTo(403);
        assertThat(call(door, Method.PUT, put + "&object%5Fto=ais/@%23/c/o")).isEqualTo(403);
        String post = "/v1/objects/b/o?" + signature.sign(Method.POST, key, NOW.toEpochMilli() + 1);
        assertThat(call(door, Method.POST, post)).isEqualTo(403);
    }

    @Test
    void whatChangesTheNodeIsForGatewaysOnly() {
        for (NetworkDoor.Access access : NetworkDoor.Access.values()) {
            NetworkDoor door = door(access);
            assertThat(call(door, "/v1/daemon/volumes", new Headers())).isEqualTo(403);
            assertThat(call(door, "/v1/%64aemon/volumes", new Headers())).isEqualTo(403);
            assertThat(call(door, "/v1/daemon/volumes", new Headers().add("Forebay-Node-Secret", SECRET)))
                    .isEqualTo(200);
        }
        assertThat(call(door(NetworkDoor.Access.OPEN), "/v1/daemon?what=config", new Headers()))
                .isEqualTo(200);
    }

    private NetworkDoor door(NetworkDoor.Access access) {
        return new NetworkDoor(
                exchange -> {
                    seen = exchange.request().headers();
                    return Reply.of(200);
                },
                new NodeErrors("t[node1]"),
                new Secret(SECRET),
                access,
                () -> NOW);
    }

    private static int call(NetworkDoor door, String target, Headers headers) {
        return door.handle(DirectExchange.of(new Request(Method.GET, target, headers), Body.empty()))
                .status();
    }

    private static int call(NetworkDoor door, Method method, String target) {
        return door.handle(DirectExchange.of(new Request(method, target, new Headers()), Body.empty()))
                .status();
    }
}
