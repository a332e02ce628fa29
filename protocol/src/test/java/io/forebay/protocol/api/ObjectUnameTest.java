package io.forebay.protocol.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.Namespace;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.model.Provider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectUnameTest {
    @Test
    void readsWhatKeysPrint() {
        BucketName spaced = new BucketName(Provider.AWS, new Namespace("u1", "ns"), "b");
        for (ObjectKey key : new ObjectKey[] {
            new ObjectKey(BucketName.of("b"), "o"), new ObjectKey(spaced, "a/b//c/"), new ObjectKey(spaced, "/x")
        }) {
            assertThat(ObjectUname.parseObject(key.uname())).isEqualTo(key);
            assertThat(ObjectUname.parseBucket(key.bucket().uname())).isEqualTo(key.bucket());
        }
        assertThat(ObjectUname.parseBucket("ais/@#/b")).isEqualTo(BucketName.of("b"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "b", "ais/b/o", "ais/@#/b", "ais/@#/b/", "/@#/b/o", "ais/@#//o", "what/@#/b/o"})
    void anythingElseIsRefused(String uname) {
        assertThatThrownBy(() -> ObjectUname.parseObject(uname))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "b", "ais/b", "ais/@#", "ais/@#/", "ais/@#/a/b", "/@#/b"})
    void anythingElseIsNoBucket(String uname) {
        assertThatThrownBy(() -> ObjectUname.parseBucket(uname))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }
}
