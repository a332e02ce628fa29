package io.forebay.cluster.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UsersTest {
    private ClusterState state = ClusterState.EMPTY;

    private Applied apply(Command command) {
        Applied applied = state.apply(command);
        state = applied.state();
        return applied;
    }

    private static User.AccessKey key(String id) {
        return new User.AccessKey(id, "sealed " + id, 1);
    }

    private static Command add(String name, String key) {
        return new Command.AddUser(new User(name, "id-" + name, 1, false, true, List.of(key(key))));
    }

    private void assertRefused(Command command, ErrorCode code, String words) {
        Map<String, User> before = state.users();
        assertThat(apply(command)).isInstanceOfSatisfying(Applied.Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo(code);
            assertThat(refused.message()).contains(words);
        });
        assertThat(state.users()).isSameAs(before);
    }

    private List<String> keys(String name) {
        User user = state.users().get(name);
        return user == null
                ? List.of()
                : user.keys().stream().map(User.AccessKey::id).toList();
    }

    @Test
    void namesAndKeysAreTakenOnce() {
        apply(add("alice", "A"));
        assertRefused(add("alice", "B"), ErrorCode.ALREADY_EXISTS, "user \"alice\" already exists");
        assertRefused(add("bob", "A"), ErrorCode.ALREADY_EXISTS, "access key A is in use");
        apply(add("bob", "B"));
        assertRefused(new Command.AddUserKey("bob", key("A"), 1), ErrorCode.ALREADY_EXISTS, "access key A is in use");
        assertRefused(new Command.AddUserKey("eve", key("E"), 1), ErrorCode.NO_SUCH_USER, "no user \"eve\"");
    }

    @Test
    void rotationKeepsTheKeyBefore() {
        apply(add("alice", "A1"));
        apply(new Command.AddUserKey("alice", key("A2"), 1));
        assertThat(keys("alice")).containsExactly("A2", "A1");
        apply(new Command.AddUserKey("alice", key("A3"), 9));
        assertThat(keys("alice")).containsExactly("A3", "A2");
        apply(new Command.AddUserKey("alice", key("A4"), 0));
        assertThat(keys("alice")).containsExactly("A4");
    }

    @Test
    void whoOwnsBucketsIsRemovedByForceOnly() {
        apply(add("alice", "A"));
        BucketName name = BucketName.of("train");
        apply(new Command.CreateBucket(name, 1, Map.of(Bucket.OWNER, "id-alice")));
        assertRefused(new Command.RemoveUser("alice", false), ErrorCode.IN_USE, "owns 1 bucket, such as ais://train");
        apply(new Command.RemoveUser("alice", true));
        assertThat(state.users()).isEmpty();
        assertThat(state.bucket(name)).isNotNull().extracting(Bucket::owner).isEqualTo(User.ROOT);
        assertRefused(new Command.RemoveUser("alice", true), ErrorCode.NO_SUCH_USER, "alice");
    }

    /// Whoever keeps an index of the users makes it anew only when they are others.
    @Test
    void otherCommandsLeaveTheMapAsItIs() {
        apply(add("alice", "A"));
        Map<String, User> users = state.users();
        apply(new Command.ChangeSettings(Map.of("a", "b")));
        apply(new Command.CreateBucket(BucketName.of("train"), 1, Map.of()));
        assertThat(state.users()).isSameAs(users);
        apply(new Command.EnableUser("alice", false));
        assertThat(state.users()).isNotSameAs(users);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a/b", "root", "Anonymous", "\u00e4", "a\nb"})
    void namesThatNoUserMayHave(String name) {
        assertThatThrownBy(() -> User.checkName(name)).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> User.checkName("a".repeat(65))).hasMessageContaining("1 to 64");
        User.checkName("Alice.B_c-d+e=f,g@h");
    }

    @Test
    void secretsShowNowhere() {
        assertThat(key("A").toString()).doesNotContain("sealed");
        assertThat(new Command.AddUser(new User("a", "i", 1, false, true, List.of(key("A")))).toString())
                .doesNotContain("sealed");
    }
}
