package io.forebay.transform.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.common.io.ByteSource;
import io.forebay.transform.archive.index.MemberCursor;
import io.forebay.transform.archive.index.MemberIndex;
import io.forebay.transform.archive.model.ArchiveFormat;
import io.forebay.transform.archive.model.Member;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Random archives by seed: what is written is read, and the index built while they arrive agrees with
/// reading them.
final class RandomArchivesTest {
    private static final long SEED = Long.getLong("seed", 20_261_201L);
    private static final int ITERATIONS = Integer.getInteger("iterations", 25);
    private static final Comparator<String> BY_BYTES = (left, right) ->
            Arrays.compareUnsigned(left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));

    @ParameterizedTest
    @EnumSource
    void whatIsWrittenIsRead(ArchiveFormat format) {
        for (int iteration = 0; iteration < ITERATIONS; iteration++) {
            List<Archives.File> files = Archives.random(random(format, iteration), 30);
            assertThat(Archives.read(format, Archives.write(format, files)))
                    .as("seed %s, iteration %s", SEED, iteration)
                    .isEqualTo(files);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theIndexBuiltFromPiecesAgreesWithReading(ArchiveFormat format) {
        for (int iteration = 0; iteration < ITERATIONS; iteration++) {
            Random random = random(format, iteration);
            List<Archives.File> files = Archives.random(random, 60);
            byte[] archive = Archives.write(format, files);
            byte[] index = Objects.requireNonNull(
                    Archives.index(format, archive, random, iteration % 2 == 0 ? 600 : 100_000), () -> "seed " + SEED);
            byte[] later = Archives.all(MemberIndexer.index(format, Archives.bytes(archive), Archives.LIMITS));
            assertThat(index).as("seed %s, iteration %s", SEED, iteration).isEqualTo(later);
            agrees(MemberIndex.open(Archives.bytes(index)), format, archive, files, random);
        }
    }

    private static void agrees(
            MemberIndex index, ArchiveFormat format, byte[] archive, List<Archives.File> files, Random random) {
        Map<String, Archives.File> first = new LinkedHashMap<>();
        files.forEach(file -> first.putIfAbsent(file.name(), file));
        Map<String, Member> members = new TreeMap<>(BY_BYTES);
        Archives.members(format, archive).forEach(member -> members.putIfAbsent(member.name(), member));
        assertThat(index.members()).isEqualTo(members.size());
        assertThat(index.archiveBytes()).isEqualTo(archive.length);
        assertThat(listed(index, "", "")).isEqualTo(new ArrayList<>(members.values()));
        for (Archives.File file : first.values()) {
            Member member = Objects.requireNonNull(index.find("/" + file.name()));
            assertThat(member).isEqualTo(members.get(file.name()));
            int from = random.nextInt(file.content().length + 1);
            int to = from + random.nextInt(file.content().length - from + 1);
            assertThat(read(format, archive, member, 0, file.content().length)).isEqualTo(file.content());
            assertThat(read(format, archive, member, from, to - from))
                    .isEqualTo(Arrays.copyOfRange(file.content(), from, to));
            String prefix = file.name().substring(0, file.name().offsetByCodePoints(0, 1 + random.nextInt(2)));
            assertThat(listed(index, prefix, file.name()))
                    .isEqualTo(members.values().stream()
                            .filter(other -> other.name().startsWith(prefix))
                            .filter(other -> BY_BYTES.compare(other.name(), file.name()) > 0)
                            .toList());
        }
        assertThat(index.find("not there")).isNull();
        assertThat(index.find("")).isNull();
    }

    private static byte[] read(ArchiveFormat format, byte[] archive, Member member, long from, long length) {
        try (ByteSource source =
                MemberBytes.open(format, Archives.bytes(archive), member, Archives.LIMITS, from, length)) {
            return Archives.all(source);
        }
    }

    private static List<Member> listed(MemberIndex index, String prefix, String after) {
        List<Member> listed = new ArrayList<>();
        MemberCursor cursor = index.list(prefix, after);
        while (cursor.next()) {
            assertThat(cursor.name()).isEqualTo(cursor.member().name());
            listed.add(cursor.member());
        }
        return listed;
    }

    private static Random random(ArchiveFormat format, int iteration) {
        return new Random(SEED + 1000L * format.extension().length() + iteration);
    }
}
