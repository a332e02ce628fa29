package io.forebay.storage.object;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What may be found under each name: one content as a rule, several after a change that failed half-way, until all
/// volumes are there to say which it is.
final class FuzzModel {
    static final Content ABSENT = new Content(false, new byte[0], Map.of(), 0);

    private final Map<String, List<Content>> objects = new TreeMap<>();

    /// An object, or `ABSENT`. A version of 0 is not known.
    @SuppressWarnings("ArrayRecordComponent") // Compared by hand.
    record Content(boolean isPresent, byte[] bytes, Map<String, String> custom, long version) {
        static Content of(byte[] bytes, Map<String, String> custom, long version) {
            return new Content(true, bytes, custom, version);
        }

        Content withCustom(Map<String, String> changed) {
            return of(bytes, changed, version);
        }
    }

    List<Content> possible(String name) {
        return objects.getOrDefault(name, List.of(ABSENT));
    }

    boolean isCertain(String name) {
        return possible(name).size() == 1;
    }

    boolean mayBe(String name, boolean present) {
        return possible(name).stream().anyMatch(content -> content.isPresent() == present);
    }

    /// Says that a change was acknowledged.
    void set(String name, Content content) {
        objects.put(name, new ArrayList<>(List.of(content)));
    }

    /// Says that it is one of these.
    void narrow(String name, List<Content> contents) {
        objects.put(name, new ArrayList<>(contents));
    }

    /// Says that a change failed: it may have happened.
    void maybe(String name, Content content) {
        List<Content> known = new ArrayList<>(possible(name));
        known.add(content);
        objects.put(name, known);
    }

    /// Changes what is there, whichever it is.
    void change(String name, UnaryOperator<Content> how) {
        List<Content> changed = new ArrayList<>();
        for (Content content : possible(name)) {
            if (content.isPresent()) {
                changed.add(how.apply(content));
            }
        }
        objects.put(name, changed);
    }

    /// Throws an AssertionError unless those bytes (null for absent) may be found, and returns what they may be of:
    /// several contents when attributes were perhaps changed.
    List<Content> found(String name, byte @Nullable [] bytes) {
        List<Content> found = possible(name).stream()
                .filter(content -> bytes == null
                        ? !content.isPresent()
                        : content.isPresent() && Arrays.equals(content.bytes, bytes))
                .toList();
        if (found.isEmpty()) {
            throw new AssertionError(name + " is " + (bytes == null ? "absent" : bytes.length + " other bytes")
                    + ", not "
                    + possible(name).stream()
                            .map(content -> content.isPresent() ? content.bytes.length + " bytes" : "absent")
                            .toList());
        }
        return found;
    }

    /// The same with user metadata.
    void foundRecord(String name, Map<String, String> custom, long version) {
        assertThat(possible(name))
                .as(name)
                .anyMatch(content -> content.isPresent()
                        && content.custom.equals(custom)
                        && (content.version == 0 || content.version == version));
    }

    /// All names that begin so and may be there, in order.
    List<String> names(String prefix) {
        return objects.keySet().stream()
                .filter(name -> name.startsWith(prefix) && mayBe(name, true))
                .toList();
    }

    Content only(String name) {
        return Objects.requireNonNull(possible(name).getFirst());
    }
}
