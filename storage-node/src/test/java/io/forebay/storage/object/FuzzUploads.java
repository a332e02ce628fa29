package io.forebay.storage.object;

import static io.forebay.storage.object.StoreFixture.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The uploads that are under way, for a model, in the order in which they began.
final class FuzzUploads {
    private final List<Pending> inOrder = new ArrayList<>();

    /// One of them.
    static final class Pending {
        private final String id;
        private final Bucket bucket;
        private final String name;
        /// What may be found as each part; null for nothing.
        private final Map<Integer, List<byte @Nullable []>> parts = new TreeMap<>();

        private boolean mayBeGone;

        private Pending(String id, Bucket bucket, String name) {
            this.id = id;
            this.bucket = bucket;
            this.name = name;
        }

        String id() {
            return id;
        }

        Bucket bucket() {
            return bucket;
        }

        String name() {
            return name;
        }

        void set(int number, byte[] content) {
            List<byte @Nullable []> only = new ArrayList<>();
            only.add(content);
            parts.put(number, only);
        }

        /// A part may have been written.
        void maybe(int number, byte[] content) {
            List<byte @Nullable []> known = parts.getOrDefault(number, new ArrayList<>());
            if (known.isEmpty()) {
                known.add(null);
            }
            known.add(content);
            parts.put(number, known);
        }

        /// The upload may have ended, or be lost.
        void mayBeGone() {
            mayBeGone = true;
        }

        /// The bytes of all parts, each of which may be as it is.
        byte[] read(ObjectStore store) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            List<Integer> found = new ArrayList<>();
            for (Part part : store.listParts(bucket, key(bucket, name), id)) {
                byte[] content = StoreFixture.content(store.openPart(bucket, key(bucket, name), part));
                assertThat(parts.getOrDefault(part.number(), List.of()))
                        .as("part " + part.number() + " of " + name)
                        .anyMatch(possible -> possible != null && Arrays.equals(possible, content));
                found.add(part.number());
                all.writeBytes(content);
            }
            parts.forEach((number, possible) -> {
                if (possible.stream().noneMatch(content -> content == null)) {
                    assertThat(found).as("parts of " + name).contains(number);
                }
            });
            return all.toByteArray();
        }

        void check(ObjectStore store) {
            if (mayBeGone && store.findUpload(bucket, key(bucket, name), id) == null) {
                return;
            }
            read(store);
        }
    }

    void begin(String id, Bucket bucket, String name) {
        inOrder.add(new Pending(id, bucket, name));
    }

    Collection<Pending> all() {
        return inOrder;
    }

    @Nullable
    Pending any(Random random) {
        return inOrder.isEmpty() ? null : inOrder.get(random.nextInt(inOrder.size()));
    }

    void end(Pending ended) {
        inOrder.remove(ended);
    }

    /// Forgets an upload that is not there any more if that may be.
    boolean isLost(Pending one, StoreException e) {
        boolean gone = e.code() == ErrorCode.NO_SUCH_UPLOAD;
        if (gone) {
            assertThat(one.mayBeGone).as(e.text()).isTrue();
            end(one);
        }
        return gone;
    }
}
