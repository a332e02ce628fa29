package io.forebay.gateway.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.gateway.listing.NameOrder;
import io.forebay.protocol.api.MembersPage;
import io.forebay.protocol.api.MembersRequest;
import io.forebay.protocol.api.Page;
import io.forebay.protocol.api.PageRequest;
import io.forebay.transform.archive.model.ArchiveFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ArchiveListingTest {
    private static final List<String> PIECES =
            List.of("a", "b.tar", "c.tgz", "d", "/", "/", "-", ".", "x.zip", "\uD83D\uDE00", "\uFFEE");

    /// Objects by name: null for no archive, else the sizes of its members by name.
    private final TreeMap<String, @Nullable TreeMap<String, Long>> bucket = new TreeMap<>(NameOrder.INSTANCE);

    private void archive(String name, String... members) {
        TreeMap<String, Long> sizes = new TreeMap<>(NameOrder.INSTANCE);
        for (String member : members) {
            sizes.put(member, (long) member.length());
        }
        bucket.put(name, sizes);
    }

    private Page objects(PageRequest request) {
        List<Page.Entry> entries = new ArrayList<>();
        String group = request.past() ? request.after() : null;
        for (String name : bucket.tailMap(request.after(), false).keySet()) {
            String rolled = request.group(name);
            if (!name.startsWith(request.prefix()) || (rolled != null && rolled.equals(group))) {
                continue;
            }
            if (entries.size() == request.limit()) {
                return new Page(entries, true);
            }
            group = rolled;
            entries.add(rolled == null ? plain(name) : Page.Entry.group(rolled));
        }
        return new Page(entries, false);
    }

    private static Page.Entry plain(String name) {
        return new Page.Entry(name, false, 1000, 0, 0, 0, "", Map.of(), "", Map.of());
    }

    private @Nullable MembersPage members(String archive, MembersRequest request) {
        TreeMap<String, Long> sizes = bucket.get(archive);
        if (sizes == null) {
            return null;
        }
        List<MembersPage.Member> found = sizes.tailMap(request.after(), false).entrySet().stream()
                .filter(member -> member.getKey().startsWith(request.prefix()))
                .map(member -> new MembersPage.Member(member.getKey(), member.getValue()))
                .toList();
        int count = Math.min(request.limit(), found.size());
        return new MembersPage(found.subList(0, count), count < found.size());
    }

    private List<Listed> page(String prefix, String after, String delimiter, int limit, boolean groups) {
        PageRequest request = new PageRequest(prefix, after, delimiter, limit, false);
        return new ArchiveListing(request, groups, this::objects, this::members).page();
    }

    private List<String> names(String prefix, String after, String delimiter, int limit) {
        return page(prefix, after, delimiter, limit, true).stream()
                .map(listed -> listed.entry().name())
                .toList();
    }

    @Test
    void membersAreInTheOrderOfAllNames() {
        archive("s.tar", "b", "a/1", "a/2");
        bucket.put("s.tar.idx", null);
        bucket.put("t", null);
        List<Listed> page = page("", "", "", 10, true);
        assertThat(page.stream().map(listed -> listed.entry().name()))
                .containsExactly("s.tar", "s.tar.idx", "s.tar/a/1", "s.tar/a/2", "s.tar/b", "t");
        assertThat(page.stream().map(Listed::kind))
                .containsExactly(
                        Listed.Kind.ARCHIVE,
                        Listed.Kind.PLAIN,
                        Listed.Kind.MEMBER,
                        Listed.Kind.MEMBER,
                        Listed.Kind.MEMBER,
                        Listed.Kind.PLAIN);
        assertThat(page.get(2).entry().size()).isEqualTo(3);
    }

    @Test
    void archivesAreFoldersToo() {
        archive("d/s.tar", "b", "a/1", "a/2", "c/1");
        assertThat(names("", "", "/", 10)).containsExactly("d/");
        assertThat(names("d/", "", "/", 10)).containsExactly("d/s.tar", "d/s.tar/");
        assertThat(names("d/s.tar/", "", "/", 10)).containsExactly("d/s.tar/a/", "d/s.tar/b", "d/s.tar/c/");
        assertThat(names("d/s.tar/", "d/s.tar/a/", "/", 1)).containsExactly("d/s.tar/b");
        assertThat(names("d/s.tar/a", "", "", 10)).containsExactly("d/s.tar/a/1", "d/s.tar/a/2");
        assertThat(page("d/", "", "/", 10, false)).hasSize(1);
    }

    @Test
    void whatIsNoArchiveIsListedAsItIs() {
        bucket.put("broken.tar", null);
        assertThat(page("", "", "", 10, true)).containsExactly(new Listed(plain("broken.tar"), Listed.Kind.PLAIN));
    }

    @Test
    void anObjectHidesAMemberOfTheSameName() {
        archive("s.tar", "a", "b");
        bucket.put("s.tar/a", null);
        List<Listed> page = page("", "", "", 10, true);
        assertThat(page).hasSize(3);
        assertThat(page.get(1)).isEqualTo(new Listed(plain("s.tar/a"), Listed.Kind.PLAIN));
    }

    /// Pages of any size together are the names that a model lists, each once and in order.
    @Test
    void pagesOfRandomBucketsAreComplete() {
        for (int seed = 1; seed <= 400; seed++) {
            Random random = new Random(seed);
            bucket.clear();
            for (int count = random.nextInt(20); count > 0; count--) {
                String name = name(random);
                if (random.nextInt(3) == 0) {
                    bucket.put(name, null);
                } else {
                    archive(name, name(random), name(random), name(random), name(random));
                }
            }
            String prefix = random.nextInt(3) == 0 ? "" : beginning(random);
            String delimiter = random.nextBoolean() ? "" : "/";
            String start = random.nextInt(4) == 0 ? beginning(random) : "";
            List<String> expected = expected(prefix, delimiter, start);
            List<String> found = new ArrayList<>();
            int limit = 1 + random.nextInt(5);
            List<String> page = names(prefix, start, delimiter, limit);
            while (!page.isEmpty()) {
                found.addAll(page);
                page = names(prefix, page.getLast(), delimiter, limit);
            }
            assertThat(found)
                    .as("seed %s, prefix %s, delimiter %s, after %s, %s", seed, prefix, delimiter, start, bucket)
                    .isEqualTo(expected);
        }
    }

    private List<String> expected(String prefix, String delimiter, String start) {
        TreeSet<String> names = new TreeSet<>(NameOrder.INSTANCE);
        PageRequest rolling = new PageRequest(prefix, "", delimiter, 1, false);
        TreeSet<String> all = new TreeSet<>(NameOrder.INSTANCE);
        bucket.forEach((name, members) -> {
            all.add(name);
            if (members != null && ArchiveFormat.ofName(name) != null) {
                members.keySet().forEach(member -> all.add(name + "/" + member));
            }
        });
        for (String name : all) {
            String group = rolling.group(name);
            boolean past = new PageRequest(prefix, start, delimiter, 1, false).past() && Objects.equals(group, start);
            if (name.startsWith(prefix) && NameOrder.compare(name, start) > 0 && !past) {
                names.add(group == null ? name : group);
            }
        }
        return List.copyOf(names);
    }

    private static String name(Random random) {
        StringBuilder name = new StringBuilder();
        for (int count = 1 + random.nextInt(5); count > 0; count--) {
            name.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return name.toString();
    }

    private String beginning(Random random) {
        List<String> names = new ArrayList<>();
        bucket.forEach((name, members) -> {
            names.add(name);
            if (members != null) {
                members.keySet().forEach(member -> names.add(name + "/" + member));
            }
        });
        if (names.isEmpty()) {
            return "a";
        }
        String name = names.get(random.nextInt(names.size()));
        int end = name.offsetByCodePoints(0, 1 + random.nextInt(name.codePointCount(0, name.length())));
        return name.substring(0, end);
    }
}
