package io.forebay.transform.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The encoded form of what is known of an archive's members.
final class MemberIndexTest {
    private static final int MEMBERS = 100_000;

    private static MemberTable table(int members) {
        MemberTable table = new MemberTable(ArchiveFixture.LIMITS);
        for (int index = 0; index < members; index++) {
            int number = (int) (index * 7919L % members);
            table.add("train/" + number + ".jpg", number, Member.Storage.VERBATIM, 512L * number, number);
        }
        return table;
    }

    /// Counts what is read.
    private static final class Counted implements RandomBytes {
        private final RandomBytes bytes;
        private int reads;

        Counted(ByteBuffer bytes) {
            this.bytes = RandomBytes.of(bytes);
        }

        @Override
        public long length() {
            return bytes.length();
        }

        @Override
        public void read(long from, ByteBuffer target) {
            reads++;
            bytes.read(from, target);
        }
    }

    @Test
    void aMemberIsFoundByReadingOneBlock() {
        Counted bytes = new Counted(ByteBuffer.wrap(MemberIndex.encode(ArchiveFormat.TAR, table(MEMBERS))));
        MemberIndex index = MemberIndex.open(bytes);
        assertThat(index.count()).isEqualTo(MEMBERS);
        assertThat(bytes.reads).as("the footer and the list of blocks").isEqualTo(2);
        Random random = new Random(1);
        for (int round = 0; round < 1000; round++) {
            int number = random.nextInt(MEMBERS);
            bytes.reads = 0;
            Member member = Objects.requireNonNull(index.find("train/" + number + ".jpg"));
            assertThat(bytes.reads).isEqualTo(1);
            assertThat(member.offset()).isEqualTo(512L * number);
        }
        bytes.reads = 0;
        assertThat(index.find("train/x")).isNull();
        assertThat(bytes.reads).isEqualTo(1);
    }

    @Test
    void aSelectionIsBounded() {
        MemberIndex index =
                MemberIndex.open(RandomBytes.of(ByteBuffer.wrap(MemberIndex.encode(ArchiveFormat.TAR, table(2000)))));
        assertThat(index.select(name -> name.endsWith("9.jpg"), 200)).hasSize(200);
        assertThatThrownBy(() -> index.select(name -> name.endsWith("9.jpg"), 199))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE));
    }

    @Test
    void pagesGoOnBehindAName() {
        MemberIndex index = MemberIndex.open(
                RandomBytes.of(ByteBuffer.wrap(MemberIndex.encode(ArchiveFormat.TAR, table(MEMBERS)))));
        for (String prefix : List.of("", "train/", "train/77", "train/9.jpg", "u", "s")) {
            List<Member> expected = index.select(name -> name.startsWith(prefix), MEMBERS);
            List<Member> found = new ArrayList<>();
            List<Member> page = index.page(prefix, "", 997);
            while (!page.isEmpty()) {
                found.addAll(page);
                page = index.page(prefix, page.getLast().name(), 997);
            }
            assertThat(found).as(prefix).isEqualTo(expected);
        }
        assertThat(index.page("", "train/5", 1).getFirst().name()).isEqualTo("train/5.jpg");
        assertThat(index.page("", "train/5.jpg", 1).getFirst().name()).isEqualTo("train/50.jpg");
        assertThat(index.page("train/5", "a", 1).getFirst().name()).isEqualTo("train/5.jpg");
        assertThat(index.page("train/5", "train/6", 1)).isEmpty();
        assertThat(index.page("", "u", 1)).isEmpty();
    }

    @Test
    void damageIsNoticed() {
        byte[] encoded = MemberIndex.encode(ArchiveFormat.TAR, table(500));
        Random random = new Random(1);
        for (int round = 0; round < 2000; round++) {
            byte[] damaged = encoded.clone();
            int at = random.nextInt(damaged.length);
            damaged[at] ^= (byte) (1 + random.nextInt(255));
            // The count, and two bytes that say nothing, are in no checksum.
            int inFooter = at - (damaged.length - 28);
            boolean told = inFooter < 12 || (inFooter > 15 && (inFooter < 21 || inFooter > 23)) || inFooter == 20;
            try {
                int found = MemberIndex.open(RandomBytes.of(ByteBuffer.wrap(damaged)))
                        .select(any -> true, 1000)
                        .size();
                assertThat(told && found != 500).as("byte %s", at).isFalse();
            } catch (StoreException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT);
            }
        }
        for (int length = 0; length < encoded.length; length += 97) {
            ByteBuffer half = ByteBuffer.wrap(encoded, 0, length);
            assertThatThrownBy(() -> MemberIndex.open(RandomBytes.of(half)))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
        }
    }

    /// As version 1 wrote it: every later one has to read it.
    @Test
    void theFormIsTheSameForEver() {
        byte[] archive = ArchiveFixture.archive(ArchiveFormat.TAR, Map.of("a/b.jpg", new byte[700]));
        MemberTable table =
                Archives.scan(ArchiveFormat.TAR, RandomBytes.of(ByteBuffer.wrap(archive)), ArchiveFixture.LIMITS);
        assertThat(HexFormat.of().formatHex(MemberIndex.encode(ArchiveFormat.TAR, table)))
                .isEqualTo("07612f622e6a706700bc058004bc050378f0d107612f622e6a70670013"
                        + "0000000000000013a4ca4de1000000010000000101000000464d4958");
    }
}
