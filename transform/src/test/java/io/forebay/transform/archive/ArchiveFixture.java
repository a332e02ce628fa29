package io.forebay.transform.archive;

import io.forebay.common.config.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/// Archives in memory, and short words for what tests do with them.
final class ArchiveFixture {
    static final ArchiveLimits LIMITS = limits(Map.of());

    private ArchiveFixture() {}

    static ArchiveLimits limits(Map<String, String> changes) {
        return Settings.of(ArchiveLimits.class).bind(changes);
    }

    /// Members by name: some long names, some in other scripts, sizes around a block's.
    static Map<String, byte[]> members(long seed, int count) {
        Random random = new Random(seed);
        Map<String, byte[]> members = new LinkedHashMap<>();
        for (int index = 0; index < count; index++) {
            String name = switch (random.nextInt(5)) {
                case 0 -> "folder/" + "long".repeat(40) + index;
                case 1 -> "größe/日本語-" + index + ".jpg";
                default -> "n" + index + (random.nextBoolean() ? ".cls" : ".jpg");
            };
            byte[] content = new byte[random.nextInt(4) == 0 ? 512 * random.nextInt(4) : random.nextInt(5000)];
            random.nextBytes(content);
            members.put(name, content);
        }
        return members;
    }

    static byte[] archive(ArchiveFormat format, Map<String, byte[]> members) {
        OutputBuffer all = new OutputBuffer();
        try (ArchiveOutput output = format.open(1_700_000_000)) {
            members.forEach((name, content) -> {
                output.begin(name, content.length);
                output.write(ByteBuffer.wrap(content));
                output.end();
                all.put(output.take());
            });
            output.finish();
            all.put(output.take());
        }
        ByteBuffer bytes = all.take();
        byte[] archive = new byte[bytes.remaining()];
        bytes.get(archive);
        return archive;
    }

    static MemberIndex index(ArchiveFormat format, byte[] archive) {
        MemberTable table = Archives.scan(format, RandomBytes.of(ByteBuffer.wrap(archive)), LIMITS);
        return MemberIndex.open(RandomBytes.of(ByteBuffer.wrap(MemberIndex.encode(format, table))));
    }

    static byte[] content(ArchiveFormat format, byte[] archive, Member member, long from, long length) {
        try (InputStream stream =
                Archives.open(format, RandomBytes.of(ByteBuffer.wrap(archive)), member, from, length)) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw Archives.broken(format, e);
        }
    }
}
