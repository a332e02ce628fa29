package io.forebay.transform.archive.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.transform.archive.Archives;
import io.forebay.transform.archive.model.ArchiveFormat;
import io.forebay.transform.archive.model.Location;
import io.forebay.transform.archive.model.Member;
import io.forebay.transform.archive.model.SeekableBytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class MemberIndexTest {
    private static final List<Member> EACH_KIND = List.of(
            new Member("b/verbatim", 10, 1_700_000_000_000L, new Location.Verbatim(512)),
            new Member("b/deflated", 1L << 40, 1_700_000_000_123L, new Location.Deflated(1L << 33, 77, 0xCAFEBABE)),
            new Member("a/packed", 0, -1, new Location.Packed(5, 1L << 32, 1024)),
            new Member("c/sparse", 3, 0, new Location.Sparse(new Location.Verbatim(1024))),
            new Member("c/sparse packed", 3, Long.MIN_VALUE, new Location.Sparse(new Location.Packed(0, 7, 512))),
            new Member("日本", 1, 1, new Location.Verbatim(0)),
            new Member("b/verbatim", 11, 5, new Location.Verbatim(99)));

    private static byte[] encoded(List<Member> members, long memory) {
        MemberRuns runs = new MemberRuns(memory);
        members.forEach(runs::add);
        return Archives.all(new IndexSource(runs, ArchiveFormat.TGZ, 12_345, 99_999));
    }

    private static List<Member> listed(MemberIndex index) {
        List<Member> listed = new ArrayList<>();
        MemberCursor cursor = index.list("", "");
        while (cursor.next()) {
            listed.add(cursor.member());
        }
        return listed;
    }

    @Test
    void everyKindOfMemberIsFoundAsItWas() {
        MemberIndex index = MemberIndex.open(Archives.bytes(encoded(EACH_KIND, 1 << 20)));
        assertThat(index.format()).isEqualTo(ArchiveFormat.TGZ);
        assertThat(index.archiveBytes()).isEqualTo(12_345);
        assertThat(index.endAt()).isEqualTo(99_999);
        assertThat(index.members()).isEqualTo(6);
        assertThat(index.memberBytes()).isEqualTo((1L << 40) + 17);
        for (Member member : EACH_KIND.subList(0, 6)) {
            assertThat(index.find(member.name())).isEqualTo(member);
        }
        assertThat(listed(index))
                .extracting(Member::name)
                .containsExactly("a/packed", "b/deflated", "b/verbatim", "c/sparse", "c/sparse packed", "日本");
    }

    /// The file was written by version 1; a change of the form that does not read it is a new version.
    @Test
    void indexOfVersion1IsReadAndWrittenAsItWas() throws IOException {
        byte[] golden;
        try (InputStream file = MemberIndexTest.class.getResourceAsStream("/format/member-index-1.bin")) {
            golden = Objects.requireNonNull(file, "format/member-index-1.bin").readAllBytes();
        }
        assertThat(listed(MemberIndex.open(Archives.bytes(golden))))
                .containsExactlyInAnyOrderElementsOf(EACH_KIND.subList(0, 6));
        assertThat(encoded(EACH_KIND, 1 << 20)).isEqualTo(golden);
    }

    @Test
    void emptyIndexFindsNothing() {
        MemberIndex index = MemberIndex.open(Archives.bytes(encoded(List.of(), 1 << 20)));
        assertThat(index.members()).isZero();
        assertThat(index.find("a")).isNull();
        assertThat(listed(index)).isEmpty();
    }

    @Test
    void openingReadsFooterAndTableAndFindingReadsOneBlock() {
        byte[] encoded = encoded(numbered(100_000, new Random(1)), 64 << 20);
        Counting counting = new Counting(Archives.bytes(encoded));
        MemberIndex index = MemberIndex.open(counting);
        assertThat(counting.reads).isEqualTo(2);
        assertThat(counting.bytes).isLessThan(encoded.length / 30);
        for (int number = 0; number < 100_000; number += 997) {
            counting.reads = 0;
            counting.bytes = 0;
            assertThat(index.find(name(number))).isNotNull();
            assertThat(counting.reads).isEqualTo(1);
            assertThat(counting.bytes).isLessThan(IndexForm.BLOCK_BYTES + 200);
        }
    }

    @Test
    void listingAPageReadsLittleMoreThanIt() {
        byte[] encoded = encoded(numbered(100_000, new Random(1)), 64 << 20);
        Counting counting = new Counting(Archives.bytes(encoded));
        MemberIndex index = MemberIndex.open(counting);
        counting.bytes = 0;
        MemberCursor cursor = index.list("number 00", name(500));
        for (int number = 501; number < 600; number++) {
            assertThat(cursor.next()).isTrue();
            assertThat(cursor.name()).isEqualTo(name(number));
            assertThat(cursor.size()).isEqualTo(number);
        }
        assertThat(counting.bytes).isLessThan(4 * IndexForm.BLOCK_BYTES);
    }

    @Test
    void membersInAnyOrderAndLittleMemoryGiveTheSameIndex() {
        List<Member> sorted = numbered(50_000, null);
        List<Member> shuffled = numbered(50_000, new Random(5));
        byte[] expected = encoded(sorted, 64 << 20);
        assertThat(encoded(shuffled, 64 << 20)).isEqualTo(expected);
        assertThat(encoded(shuffled, 2 << 20)).isEqualTo(expected);
        assertThatThrownBy(() -> encoded(shuffled, 100_000))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE))
                .hasMessageContaining("(index-memory)");
    }

    @Test
    void ofEqualNamesTheFirstCountsAcrossRuns() {
        List<Member> members = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            for (int number = 0; number < 20_000; number++) {
                members.add(new Member(name(number), round, 0, new Location.Verbatim(number)));
            }
        }
        MemberIndex index = MemberIndex.open(Archives.bytes(encoded(members, 4 << 20)));
        assertThat(index.members()).isEqualTo(20_000);
        assertThat(listed(index)).allMatch(member -> member.size() == 0);
    }

    @Test
    void everyChangedByteIsNoticedOrChangesNothing() {
        byte[] encoded = encoded(EACH_KIND, 1 << 20);
        List<Member> members = listed(MemberIndex.open(Archives.bytes(encoded)));
        for (int at = 0; at < encoded.length; at++) {
            byte[] changed = encoded.clone();
            changed[at] ^= 0x11;
            assertThatThrownBy(() -> assertThat(listed(MemberIndex.open(Archives.bytes(changed))))
                            .isNotEqualTo(members))
                    .as("byte %s", at)
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
        }
    }

    @Test
    void tornIndexIsNone() {
        byte[] encoded = encoded(EACH_KIND, 1 << 20);
        for (int length = 0; length < encoded.length; length++) {
            SeekableBytes torn = SeekableBytes.of(ByteBuffer.wrap(encoded, 0, length));
            assertThatThrownBy(() -> MemberIndex.open(torn)).isInstanceOf(StoreException.class);
        }
    }

    private static String name(int number) {
        return String.format("number %07d.jpg", number);
    }

    /// Members in the order of their names, or in an order that a seed decides.
    private static List<Member> numbered(int count, @Nullable Random random) {
        List<Member> members = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            members.add(new Member(name(number), number, 1_700_000_000_000L, new Location.Verbatim(1024L * number)));
        }
        if (random != null) {
            Collections.shuffle(members, random);
        } else {
            members.sort(Comparator.comparing(Member::name));
        }
        return members;
    }

    /// Counts what is read of bytes.
    private static final class Counting implements SeekableBytes {
        private final SeekableBytes inner;
        private int reads;
        private long bytes;

        Counting(SeekableBytes inner) {
            this.inner = inner;
        }

        @Override
        public long length() {
            return inner.length();
        }

        @Override
        public void read(long offset, ByteBuffer target) {
            reads++;
            bytes += target.remaining();
            inner.read(offset, target);
        }
    }
}
