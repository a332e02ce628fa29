package io.forebay.transform.archive;

import io.forebay.common.config.Settings;
import io.forebay.common.io.ByteSource;
import io.forebay.transform.archive.index.MemberIndex;
import io.forebay.transform.archive.model.ArchiveFormat;
import io.forebay.transform.archive.model.ArchiveLimits;
import io.forebay.transform.archive.model.ArchiveSink;
import io.forebay.transform.archive.model.Member;
import io.forebay.transform.archive.model.SeekableBytes;
import io.forebay.transform.archive.packed.GzipPacker;
import io.forebay.transform.archive.packed.Lz4Packer;
import io.forebay.transform.archive.packed.Packer;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Archives in memory for tests, and what is in them.
public final class Archives {
    public static final ArchiveLimits LIMITS = Settings.defaults(ArchiveLimits.class);

    private Archives() {}

    /// One member with its bytes.
    @SuppressWarnings("ArrayRecordComponent") // Compared by its own equals.
    public record File(String name, byte[] content, long modifiedMillis) {
        public File(String name, byte[] content) {
            this(name, content, 1_700_000_000_000L);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof File file
                    && name.equals(file.name)
                    && Arrays.equals(content, file.content)
                    && modifiedMillis == file.modifiedMillis;
        }

        @Override
        public int hashCode() {
            return name.hashCode();
        }

        @Override
        public String toString() {
            return name + " (" + content.length + " bytes, " + modifiedMillis + ")";
        }
    }

    /// Limits other than the default ones.
    public static ArchiveLimits limits(Map<String, String> settings) {
        return Settings.of(ArchiveLimits.class).bind(settings);
    }

    public static SeekableBytes bytes(byte[] archive) {
        return SeekableBytes.of(ByteBuffer.wrap(archive));
    }

    /// An archive of these files, written by our writer.
    public static byte[] write(ArchiveFormat format, List<File> files) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ArchiveWriter writer = ArchiveWriter.open(format, ArchiveSink.of(Channels.newChannel(out)))) {
            for (File file : files) {
                writer.put(file.name, file.content.length, file.modifiedMillis, source(file.content));
            }
            writer.finish();
        }
        return out.toByteArray();
    }

    /// The files of an archive, read by our reader one after the other.
    public static List<File> read(ArchiveFormat format, byte[] archive) {
        return read(format, archive, LIMITS);
    }

    public static List<File> read(ArchiveFormat format, byte[] archive, ArchiveLimits limits) {
        List<File> files = new ArrayList<>();
        try (ArchiveReader reader = ArchiveReader.open(format, bytes(archive), limits)) {
            for (Member member = reader.next(); member != null; member = reader.next()) {
                try (ByteSource content = reader.content()) {
                    files.add(new File(member.name(), all(content), member.modifiedMillis()));
                }
            }
        }
        return files;
    }

    /// Its members without their bytes.
    public static List<Member> members(ArchiveFormat format, byte[] archive) {
        List<Member> members = new ArrayList<>();
        try (ArchiveReader reader = ArchiveReader.open(format, bytes(archive), LIMITS)) {
            for (Member member = reader.next(); member != null; member = reader.next()) {
                members.add(member);
            }
        }
        return members;
    }

    /// All bytes of a source.
    public static byte[] all(ByteSource source) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (ByteBuffer next = source.next(); next != null; next = source.next()) {
            byte[] piece = new byte[next.remaining()];
            next.get(piece);
            out.writeBytes(piece);
        }
        return out.toByteArray();
    }

    /// The encoded index of an archive whose bytes arrive in pieces that the seed decides.
    public static byte @Nullable [] index(ArchiveFormat format, byte[] archive, Random random, int maxPiece) {
        try (MemberIndexer indexer = new MemberIndexer(format, LIMITS)) {
            feed(indexer, archive, random, maxPiece);
            ByteSource index = indexer.finish(bytes(archive));
            return index == null ? null : all(index);
        }
    }

    /// The opened index of an archive.
    public static MemberIndex opened(ArchiveFormat format, byte[] archive) {
        return MemberIndex.open(bytes(all(MemberIndexer.index(format, bytes(archive), LIMITS))));
    }

    /// A tar in the form that a format has it.
    public static byte[] pack(ArchiveFormat format, byte[] tar) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ArchiveSink sink = ArchiveSink.of(Channels.newChannel(out));
        try (Packer packer = switch (format) {
            case TGZ -> new GzipPacker(sink);
            case TAR_LZ4 -> new Lz4Packer(sink);
            case TAR, ZIP -> Packer.none(sink);
        }) {
            packer.write(ByteBuffer.wrap(tar));
            packer.finish();
        }
        return out.toByteArray();
    }

    public static void feed(MemberIndexer indexer, byte[] archive, Random random, int maxPiece) {
        int at = 0;
        while (at < archive.length) {
            int count = Math.min(archive.length - at, 1 + random.nextInt(maxPiece));
            ByteBuffer piece = ByteBuffer.wrap(archive, at, count);
            if (random.nextBoolean()) {
                piece = ByteBuffer.allocateDirect(count).put(piece).flip();
            }
            indexer.accept(piece.asReadOnlyBuffer());
            at += count;
        }
    }

    /// A source of these bytes, in a few pieces.
    public static ByteSource source(byte[] content) {
        return new ByteSource() {
            private int at;

            @Override
            public long length() {
                return content.length;
            }

            @Override
            public @Nullable ByteBuffer next() {
                if (at == content.length) {
                    return null;
                }
                int count = Math.min(content.length - at, 70_000);
                at += count;
                return ByteBuffer.wrap(content, at - count, count).slice();
            }

            @Override
            public void close() {
                at = content.length;
            }
        };
    }

    /// Random files: names of all lengths and alphabets, sizes from nothing to a few hundred thousand bytes,
    /// contents that pack well or not at all, and some names twice.
    public static List<File> random(Random random, int maxFiles) {
        List<File> files = new ArrayList<>();
        int count = random.nextInt(maxFiles + 1);
        for (int index = 0; index < count; index++) {
            boolean again = !files.isEmpty() && random.nextInt(20) == 0;
            String name = again ? files.get(random.nextInt(files.size())).name : name(random);
            files.add(new File(name, content(random), 1000L * random.nextInt(Integer.MAX_VALUE)));
        }
        return files;
    }

    private static String name(Random random) {
        String alphabet = switch (random.nextInt(4)) {
            case 0 -> "abc";
            case 1 -> "aé漢😀 -_.";
            default -> "abcdefgh0123456789/._-";
        };
        int[] letters = alphabet.codePoints().toArray();
        int length = random.nextInt(8) == 0 ? 1 + random.nextInt(700) : 1 + random.nextInt(30);
        StringBuilder name = new StringBuilder("n");
        for (int index = 0; index < length; index++) {
            name.appendCodePoint(letters[random.nextInt(letters.length)]);
        }
        return name.append('e').toString().replace("..", ".x");
    }

    private static byte[] content(Random random) {
        int size = switch (random.nextInt(10)) {
            case 0 -> 0;
            case 1 -> random.nextInt(300_000);
            case 2 -> 512 * random.nextInt(4);
            default -> random.nextInt(3000);
        };
        byte[] content = new byte[size];
        if (random.nextBoolean()) {
            random.nextBytes(content);
        }
        return content;
    }
}
