package io.forebay.cluster.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.common.model.BucketName;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// AIStore's mirror and our copies are one thing.
final class MirrorTest {
    private static final Bucket PLAIN = new Bucket(BucketName.of("b"), 1, 0, new TreeMap<>(), false);

    @Test
    void mirrorThatIsSwitchedOnHasTwoCopiesUnlessItSaysOtherwise() {
        assertThat(PLAIN.copies()).isEqualTo(1);
        assertThat(PLAIN.changed(Map.of(Bucket.MIRROR, "true")).copies()).isEqualTo(2);
        Bucket three = PLAIN.changed(Map.of(Bucket.MIRROR, "true", Bucket.MIRROR_COPIES, "3"));
        assertThat(three.copies()).isEqualTo(3);
        assertThat(three.changed(Map.of(Bucket.MIRROR_COPIES, "4")).copies()).isEqualTo(4);
        assertThat(three.changed(Map.of(Bucket.MIRROR_COPIES, "")).copies()).isEqualTo(2);
        Bucket off = three.changed(Map.of(Bucket.MIRROR, "false"));
        assertThat(off.copies()).isEqualTo(1);
        assertThat(off.changed(Map.of(Bucket.MIRROR, "true")).copies())
                .as("the number is kept while it is off")
                .isEqualTo(3);
        assertThat(three.withoutProperties().copies()).isEqualTo(1);
    }

    @Test
    void numberOfAMirrorThatIsOffChangesNothingYet() {
        Bucket number = PLAIN.changed(Map.of(Bucket.MIRROR_COPIES, "3"));
        assertThat(number.copies()).isEqualTo(1);
        assertThat(number.changed(Map.of(Bucket.MIRROR, "true")).copies()).isEqualTo(3);
    }

    @Test
    void copiesShowAsAMirror() {
        Bucket three = PLAIN.changed(Map.of(Bucket.COPIES, "3"));
        assertThat(three.properties())
                .isEqualTo(Map.of(Bucket.COPIES, "3", Bucket.MIRROR, "true", Bucket.MIRROR_COPIES, "3"));
        assertThat(three.changed(Map.of(Bucket.COPIES, "1")).properties()).isEqualTo(Map.of(Bucket.COPIES, "1"));
        assertThat(three.changed(Map.of(Bucket.COPIES, "")).properties()).isEmpty();
        assertThat(three.changed(Map.of(Bucket.DURABILITY, "none")).copies()).isEqualTo(3);
    }
}
