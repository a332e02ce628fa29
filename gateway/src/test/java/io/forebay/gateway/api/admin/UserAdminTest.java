package io.forebay.gateway.api.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.codec.StateCodec;
import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.User;
import io.forebay.common.model.BucketName;
import io.forebay.gateway.TestCluster;
import io.forebay.gateway.TestCluster.Answer;
import io.forebay.gateway.TestUsers;
import io.forebay.protocol.api.UserCredentials;
import io.forebay.protocol.api.UserInfo;
import io.forebay.protocol.api.UserList;
import io.forebay.protocol.api.UserOrder;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.sigv4.Credentials;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UserAdminTest {
    private static final Credentials ROOT = new Credentials("ROOTKEY", "rootsecret");

    private final TestCluster cluster =
            new TestCluster(Set.of("t1"), TestUsers.root(ROOT, InstantSource.fixed(TestCluster.NOW)), null, "t1");

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void keysAreShownOnceAndSecretsNowhereElse() {
        UserCredentials made = made(order("add", "alice"));
        assertThat(made.accessKey()).hasSize(20);
        assertThat(made.secretKey()).hasSize(40);
        assertThat(made.canonicalId()).matches("[0-9a-f]{64}");
        assertThat(made.token()).startsWith(made.accessKey() + ":");
        Answer list = get();
        assertThat(list.text()).contains("alice", made.accessKey()).doesNotContain(made.secretKey());
        String state = new String(StateCodec.encode(cluster.state().current()), StandardCharsets.UTF_8);
        assertThat(state).contains("alice", made.accessKey()).doesNotContain(made.secretKey());
        assertThat(cluster.metrics().text()).doesNotContain(made.secretKey());
        assertThat(cluster.state().current().toString()).doesNotContain(made.secretKey());
    }

    @Test
    void chosenKeysAreTaken() {
        UserCredentials made = made(order("add", "alice", true, "ALICE.KEY", "alice's-secret", false));
        assertThat(made.accessKey()).isEqualTo("ALICE.KEY");
        assertThat(made.secretKey()).isEqualTo("alice's-secret");
        User user = cluster.state().current().users().get("alice");
        assertThat(user).isNotNull();
        assertThat(users()).singleElement().satisfies(info -> {
            assertThat(info.administrator()).isTrue();
            assertThat(info.enabled()).isTrue();
            assertThat(info.createdMillis()).isEqualTo(TestCluster.NOW.toEpochMilli());
        });
    }

    @Test
    void rotationKeepsTheFormerKeysUnlessToldOtherwise() {
        String first = made(order("add", "alice")).accessKey();
        String second = made(order("rotate", "alice")).accessKey();
        assertThat(keys()).containsExactly(second, first);
        String third = made(order("rotate", "alice", false, "", "", true)).accessKey();
        assertThat(keys()).containsExactly(third);
    }

    @Test
    void usersAreDisabledEnabledAndRemoved() {
        made(order("add", "alice"));
        assertThat(post(order("disable", "alice")).text()).contains("\"enabled\":false");
        assertThat(post(order("enable", "alice")).text()).contains("\"enabled\":true");
        User user = cluster.state().current().users().get("alice");
        assertThat(user).isNotNull();
        String id = user == null ? "" : user.id();
        cluster.commands().submit(new Command.CreateBucket(BucketName.of("bucket"), 1, Map.of(Bucket.OWNER, id)));
        Answer refused = post(order("remove", "alice"));
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.text()).contains("owns 1 bucket, such as ais://bucket");
        assertThat(post(order("remove", "alice", false, "", "", true)).text()).isEqualTo("{\"users\":[]}\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            add     | alice | OTHER    | longsecret | 409 | user \\"alice\\" already exists
            add     | bob   | ALICEKEY | longsecret | 409 | access key ALICEKEY is in use
            add     | bob   | ROOTKEY  | longsecret | 409 | access key ROOTKEY is in use
            rotate  | alice | ALICEKEY | longsecret | 409 | access key ALICEKEY is in use
            add     | bob   | B/B      | longsecret | 400 | an access key has 3 to 128 letters
            add     | bob   | BOBKEY   | short      | 400 | a secret key has 8 to 128 characters
            add     | bob   | BOBKEY   | with blank | 400 | without spaces
            add     | bob   | BOBKEY   | ''         | 400 | give both
            add     | b b   | ''       | ''         | 400 | cannot name a user
            add     | root  | ''       | ''         | 400 | it means another caller
            add     | ''    | ''       | ''         | 400 | names no user
            rotate  | eve   | ''       | ''         | 404 | no user \\"eve\\"
            enable  | eve   | ''       | ''         | 404 | no user \\"eve\\"
            disable | eve   | ''       | ''         | 404 | no user \\"eve\\"
            remove  | eve   | ''       | ''         | 404 | forebay user list
            promote | alice | ''       | ''         | 400 | none of add, rotate, enable
            """)
    void refusalsSayWhy(String action, String name, String access, String secret, int status, String words) {
        made(order("add", "alice", false, "ALICEKEY", "longsecret", false));
        Answer answer = post(order(action, name, false, access, secret, false));
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.text()).contains(words).doesNotContain("longsecret");
        assertThat(users()).hasSize(1);
    }

    @Test
    void messageOfAWebPageIsRefused() {
        assertThat(cluster.callAdmin(Method.POST, "/admin/users", new Headers(), "{}")
                        .status())
                .isEqualTo(400);
        assertThat(cluster.callAdmin(Method.DELETE, "/admin/users", new Headers(), "")
                        .status())
                .isEqualTo(405);
    }

    private static UserOrder order(String action, String name) {
        return order(action, name, false, "", "", false);
    }

    private static UserOrder order(
            String action, String name, boolean administrator, String access, String secret, boolean force) {
        return new UserOrder(action, name, administrator, access, secret, force);
    }

    private Answer get() {
        return cluster.callAdmin(Method.GET, "/admin/users", new Headers(), "");
    }

    private List<UserInfo> users() {
        return WireJson.read(get().text().getBytes(StandardCharsets.UTF_8), UserList.class)
                .users();
    }

    private List<String> keys() {
        return users().getFirst().keys().stream().map(UserInfo.Key::id).toList();
    }

    private UserCredentials made(UserOrder order) {
        Answer answer = post(order);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return WireJson.read(answer.text().getBytes(StandardCharsets.UTF_8), UserCredentials.class);
    }

    private Answer post(UserOrder order) {
        return cluster.callAdmin(
                Method.POST,
                "/admin/users",
                new Headers().add("Content-Type", "application/json"),
                new String(WireJson.write(order), StandardCharsets.UTF_8));
    }
}
