package io.forebay.transform.archive;

import io.forebay.common.io.ByteSource;
import io.forebay.transform.archive.index.IndexSource;
import io.forebay.transform.archive.index.MemberCursor;
import io.forebay.transform.archive.index.MemberIndex;
import io.forebay.transform.archive.index.MemberRuns;
import io.forebay.transform.archive.model.ArchiveFormat;
import io.forebay.transform.archive.model.Location;
import io.forebay.transform.archive.model.Member;
import io.forebay.transform.archive.tar.TarFraming;
import java.nio.ByteBuffer;
import java.util.Random;

/// Prints how fast a tar is indexed while it arrives, and how fast an index of a million members is made,
/// searched and listed: `ArchiveSpeedMain`, by hand.
public final class ArchiveSpeedMain {
    private static final int MEMBER_BYTES = 10 << 10;
    private static final int MEMBERS = 1_000_000;
    private static final int PIECE_BYTES = 256 << 10;
    private static final int ROUNDS = 4;
    private static final int LOOKUPS = 300_000;
    private static final double NANOS = 1e9;

    private ArchiveSpeedMain() {}

    public static void main(String[] arguments) {
        for (int round = 0; round < ROUNDS; round++) {
            feed();
            index(round % 2 == 0);
        }
    }

    private static void feed() {
        int count = (1 << 30) / (MEMBER_BYTES + 512);
        ByteBuffer tar = ByteBuffer.allocateDirect(1 << 30);
        for (int index = 0; index < count; index++) {
            tar.put(TarFraming.header(name(index), MEMBER_BYTES, 1_700_000_000_000L));
            tar.position(tar.position() + MEMBER_BYTES);
        }
        tar.flip();
        long start = System.nanoTime();
        try (MemberIndexer indexer = new MemberIndexer(ArchiveFormat.TAR, Archives.LIMITS)) {
            for (int at = 0; at < tar.limit(); at += PIECE_BYTES) {
                indexer.accept(tar.slice(at, Math.min(PIECE_BYTES, tar.limit() - at)));
            }
            if (indexer.failure() != null) {
                throw indexer.failure();
            }
        }
        double seconds = (System.nanoTime() - start) / NANOS;
        System.out.printf(
                "push parser: %.0f MB/s, %.0f ns a member%n", tar.limit() / 1e6 / seconds, seconds * NANOS / count);
    }

    private static void index(boolean isSorted) {
        Random random = new Random(1);
        long start = System.nanoTime();
        MemberRuns runs = new MemberRuns(Archives.LIMITS.indexMemory().bytes());
        for (int index = 0; index < MEMBERS; index++) {
            int number = isSorted ? index : (int) ((index * 611_953L + 17) % MEMBERS);
            runs.add(new Member(
                    name(number), MEMBER_BYTES, 1_700_000_000_000L, new Location.Verbatim(10_752L * index + 512)));
        }
        byte[] encoded;
        try (ByteSource source = new IndexSource(runs, ArchiveFormat.TAR, 1L << 34, 1L << 34)) {
            encoded = Archives.all(source);
        }
        double built = (System.nanoTime() - start) / NANOS;
        start = System.nanoTime();
        MemberIndex opened = MemberIndex.open(Archives.bytes(encoded));
        double open = (System.nanoTime() - start) / NANOS;
        start = System.nanoTime();
        for (int lookup = 0; lookup < LOOKUPS; lookup++) {
            if (opened.find(name(random.nextInt(MEMBERS))) == null) {
                throw new IllegalStateException("a member is missing");
            }
        }
        double found = (System.nanoTime() - start) / NANOS;
        start = System.nanoTime();
        long listed = 0;
        MemberCursor cursor = opened.list("", "");
        while (cursor.next()) {
            listed += cursor.name().isEmpty() ? 0 : 1;
        }
        double walked = (System.nanoTime() - start) / NANOS;
        System.out.printf(
                "index, sorted %s: built in %.2f s, %.1f MB, opened in %.0f us; %.0f lookups/s; %.0f names/s listed%n",
                isSorted, built, encoded.length / 1e6, open * 1e6, LOOKUPS / found, listed / walked);
    }

    private static String name(int number) {
        return "train/class" + String.valueOf(1000 + number % 1000).substring(1) + "/sample"
                + String.valueOf(10_000_000 + number).substring(1) + ".jpg";
    }
}
