package io.forebay.storage.listing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.error.StoreException;
import io.forebay.protocol.api.Page;
import io.forebay.protocol.api.PageRequest;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.PercentCode;
import io.forebay.storage.NodeFixture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pages against a model that sees every name.
class LocalPageFuzzTest {
    private static final int OBJECTS = 400;
    private static final int REQUESTS = 4000;
    private static final Comparator<String> BY_BYTES =
            (left, right) -> Arrays.compareUnsigned(bytes(left), bytes(right));
    private static final String[] ALPHABET = {
        "a", "b", "/", "//", "-", "--", "\u00fc", "\uffee", "\ud83d\ude00", "\u0001"
    };

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);

    @TempDir
    private Path folder;

    private NodeFixture node;
    private final SortedSet<String> names = new TreeSet<>(BY_BYTES);

    @BeforeEach
    void open() {
        node = new NodeFixture(folder);
        while (names.size() < OBJECTS) {
            names.add(word(1 + random.nextInt(6)));
        }
        for (String name : names) {
            String target = "/objects/b/" + PercentCode.encodePath(name);
            assertThat(node.send(Method.PUT, target, NodeFixture.extended(), "").status())
                    .isEqualTo(200);
        }
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void pagesEqualTheModels() {
        for (int index = 0; index < REQUESTS; index++) {
            PageRequest request = randomRequest();
            Page page = node.page(request);
            List<String> expected = model(request);
            boolean truncated = expected.size() > request.limit();
            List<String> shown = truncated ? expected.subList(0, request.limit()) : expected;
            assertThat(page.entries())
                    .as("seed %d, %s", seed, request)
                    .extracting(Page.Entry::name)
                    .isEqualTo(shown);
            assertThat(page.truncated()).as("seed %d, %s", seed, request).isEqualTo(truncated);
            for (Page.Entry entry : page.entries()) {
                assertThat(entry.group()).as("seed %d, %s", seed, request).isEqualTo(isGroup(request, entry.name()));
            }
        }
    }

    @Test
    void pagesOneAfterTheOtherAreTheWholeListing() {
        for (int index = 0; index < 50; index++) {
            PageRequest first = randomRequest();
            PageRequest all = new PageRequest(first.prefix(), "", first.delimiter(), 10_000, false);
            List<String> joined = new ArrayList<>();
            Page page = node.page(new PageRequest(all.prefix(), "", all.delimiter(), first.limit(), false));
            page.entries().forEach(entry -> joined.add(entry.name()));
            while (page.truncated()) {
                PageRequest next =
                        new PageRequest(all.prefix(), joined.getLast(), all.delimiter(), first.limit(), false);
                page = node.page(next);
                page.entries().forEach(entry -> joined.add(entry.name()));
            }
            assertThat(joined).as("seed %d, %s", seed, first).isEqualTo(model(all));
        }
    }

    @Test
    void attributesComeWhenAskedFor() {
        node.send(
                Method.PUT,
                "/objects/b/attributes",
                NodeFixture.extended().add("Forebay-Compute", "md5").add("Forebay-Custom", "k=v"),
                "0123456789");
        PageRequest request = new PageRequest("attributes", "", "", 1, true);
        Page.Entry entry = node.page(request).entries().getFirst();
        assertThat(entry.size()).isEqualTo(10);
        assertThat(entry.version()).isEqualTo(1);
        assertThat(entry.etag()).isEqualTo("781e5e245d69b566979b86e28d23f2c7");
        assertThat(entry.checksums()).containsKeys("xxhash2", "md5");
        assertThat(entry.custom()).containsEntry("k", "v");
        assertThat(entry.modifiedMillis()).isPositive();
        assertThat(entry.accessedNanos()).isEqualTo(entry.modifiedMillis() * 1_000_000);
    }

    @Test
    void limitsOutOfBoundsAreRefused() {
        for (int limit : new int[] {0, -1, 10_001}) {
            assertThatThrownBy(() -> node.page(new PageRequest("", "", "", limit, false)))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("page limit " + limit + " is not from 1 to 10000");
        }
    }

    private PageRequest randomRequest() {
        String prefix = random.nextInt(3) == 0 ? "" : word(1 + random.nextInt(2));
        String delimiter = random.nextInt(3) == 0 ? "" : random.nextInt(4) == 0 ? word(2) : word(1);
        String after = switch (random.nextInt(4)) {
            case 0 -> "";
            case 1 -> word(1 + random.nextInt(4));
            case 2 -> prefix + word(1) + delimiter;
            default -> new ArrayList<>(names).get(random.nextInt(names.size()));
        };
        int limit = random.nextInt(4) == 0 ? 10_000 : 1 + random.nextInt(20);
        return new PageRequest(prefix, after, delimiter, limit, false);
    }

    private List<String> model(PageRequest request) {
        SortedSet<String> entries = new TreeSet<>(BY_BYTES);
        String passedOver = isGroup(request, request.after()) ? request.after() : null;
        for (String name : names) {
            boolean wanted = name.startsWith(request.prefix())
                    && BY_BYTES.compare(name, request.after()) > 0
                    && (passedOver == null || !name.startsWith(passedOver));
            if (wanted) {
                int at = request.delimiter().isEmpty()
                        ? -1
                        : name.indexOf(request.delimiter(), request.prefix().length());
                entries.add(
                        at < 0
                                ? name
                                : name.substring(0, at + request.delimiter().length()));
            }
        }
        return new ArrayList<>(entries);
    }

    /// Whether a name is one that the delimiter rolls others up into.
    private static boolean isGroup(PageRequest request, String name) {
        if (request.delimiter().isEmpty() || !name.startsWith(request.prefix())) {
            return false;
        }
        int at = name.indexOf(request.delimiter(), request.prefix().length());
        return at >= 0 && at + request.delimiter().length() == name.length();
    }

    private String word(int letters) {
        StringBuilder word = new StringBuilder();
        for (int index = 0; index < letters; index++) {
            word.append(ALPHABET[random.nextInt(ALPHABET.length)]);
        }
        return word.toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
