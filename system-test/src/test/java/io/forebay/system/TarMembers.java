package io.forebay.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads tars by the few rules of theirs that batches use, and by nothing of ours.
final class TarMembers {
    private static final int HEADER_BYTES = 512;
    private static final String PATH = "path=";

    private TarMembers() {}

    /// A member of an archive.
    @SuppressWarnings("ArrayRecordComponent") // Compared piece by piece.
    record Content(String name, byte[] bytes) {}

    /// All members up to the end of the tar, which has to be that of the stream.
    static List<Content> read(InputStream in) throws IOException {
        List<Content> members = new ArrayList<>();
        for (Content member = next(in); member != null; member = next(in)) {
            members.add(member);
        }
        assertThat(in.readAllBytes()).hasSize(HEADER_BYTES).containsOnly(0);
        return members;
    }

    /// The next member; null at the end, of which the second block is still to be read.
    static @Nullable Content next(InputStream in) throws IOException {
        String longName = null;
        while (true) {
            byte[] header = in.readNBytes(HEADER_BYTES);
            assertThat(header).hasSize(HEADER_BYTES);
            if (header[0] == 0) {
                return null;
            }
            int size = Integer.parseInt(new String(header, 124, 11, StandardCharsets.US_ASCII), 8);
            byte[] bytes = in.readNBytes(size);
            assertThat(bytes).hasSize(size);
            in.skipNBytes(-size & (HEADER_BYTES - 1));
            if (header[156] == 'x') {
                String records = new String(bytes, StandardCharsets.UTF_8);
                int at = records.indexOf(PATH) + PATH.length();
                longName = records.substring(at, records.indexOf('\n', at));
            } else {
                String name = new String(header, 0, 100, StandardCharsets.UTF_8).split("\0", 2)[0];
                return new Content(longName == null ? name : longName, bytes);
            }
        }
    }
}
