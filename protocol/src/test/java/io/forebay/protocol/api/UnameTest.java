package io.forebay.protocol.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.Namespace;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.model.Provider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnameTest {
    @Test
    void readsWhatModelNamesWrite() {
        BucketName bucket = new BucketName(Provider.AWS, new Namespace("u", "n"), "b");
        ObjectKey key = new ObjectKey(bucket, "a//b/");
        assertThat(Uname.bucket(bucket.uname())).isEqualTo(bucket);
        assertThat(Uname.object(key.uname())).isEqualTo(key);
        assertThat(Uname.bucket("ais/@#/b")).isEqualTo(BucketName.of("b"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "b", "ais/b", "ais//b/", "ais/@#/", "ais/@#/b/o", "xyz/@#/b/", "ais/@#/.b/", "/", "a/"})
    void refusesTextsThatNameNoBucket(String uname) {
        assertThatThrownBy(() -> Uname.bucket(uname)).isInstanceOf(StoreException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ais/@#/b", "ais/@#/b/", "o", "ais/@#//o"})
    void refusesTextsThatNameNoObject(String uname) {
        assertThatThrownBy(() -> Uname.object(uname)).isInstanceOf(StoreException.class);
    }
}
