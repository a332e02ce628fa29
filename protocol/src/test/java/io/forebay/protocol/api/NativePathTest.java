package io.forebay.protocol.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.Namespace;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.model.Provider;
import io.forebay.protocol.http.Query;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NativePathTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            emptyValue = "",
            value = {
                "/v1|''|''|''",
                "/v1/|''|''|''",
                "/v1/buckets|buckets|''|''",
                "/v1/buckets/|buckets|''|''",
                "/v1/buckets/b|buckets|b|''",
                "/v1/objects/b/|objects|b|''",
                "/v1/objects/b/o|objects|b|o",
                "/v1/objects/b/a/b/c|objects|b|a/b/c",
                "/v1/objects/b//x/|objects|b|/x/",
                "/v1/objects/b/a%2Fb%20c+%C3%BC|objects|b|a/b c+ü",
                "/v1/objects//o|objects|''|o",
            })
    void parsesCollectionBucketAndObject(String path, String collection, String bucket, String object) {
        assertThat(NativePath.parse(path)).isEqualTo(new NativePath(collection, bucket, object));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/v2/objects/b/o", "/v1x", "*", "", "/v1/objects/b/%zz", "/v1/objects/b/%ff"})
    void refusesOtherPathsAndBrokenEscapes(String path) {
        assertThatThrownBy(() -> NativePath.parse(path)).isInstanceOf(StoreException.class);
    }

    @Test
    void targetAndParseAreInverse() {
        ObjectKey key = new ObjectKey(
                new BucketName(Provider.AIS, new Namespace("remote", "n"), "b.k-t_1"), "/a b/ü?&#%+//\u0001.");
        String target = NativePath.target(key);
        int mark = target.indexOf('?');
        NativePath path = NativePath.parse(target.substring(0, mark));
        assertThat(path.key(Query.parse(target.substring(mark + 1)))).isEqualTo(key);
        assertThat(NativePath.target(BucketName.of("b"))).isEqualTo("/v1/buckets/b?provider=ais");
    }

    @Test
    void missingBucketIsNamedInTheMessage() {
        assertThatThrownBy(() -> NativePath.parse("/v1/objects").key(Query.EMPTY))
                .hasMessage("bucket name is missing in the URL path");
    }

    @Test
    void theLastWordMayBeABucket() {
        Query query = Query.parse("provider=aws&namespace=%23n");
        assertThat(NativePath.parse("/v1/ml/moss/b.1").trailingBucketName(query))
                .isEqualTo(new BucketName(Provider.AWS, new Namespace("", "n"), "b.1"));
        assertThat(NativePath.parse("/v1/ml/moss/b").trailingBucketName(Query.EMPTY))
                .isEqualTo(BucketName.of("b"));
        assertThat(NativePath.parse("/v1/ml/moss").trailingBucketName(query)).isNull();
        assertThat(NativePath.parse("/v1/ml/moss/").trailingBucketName(query)).isNull();
        assertThatThrownBy(() -> NativePath.parse("/v1/ml/moss/b/o").trailingBucketName(query))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("b/o");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "./a", "a/.", "a/../b", "..", "~/x", "a/"})
    void refusesNamesThatAistoreRefusesToWrite(String name) {
        assertThatThrownBy(() -> NativePath.checkObjectName(name, true))
                .hasMessage("invalid object name \"" + name + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a.b", ".a", "..a", "a/.b", "a..", "...", "a/.../b", "~x", "/a"})
    void acceptsNamesThatOnlyLookLikePaths(String name) {
        NativePath.checkObjectName(name, true);
        NativePath.checkObjectName(name + "/", false);
    }
}
