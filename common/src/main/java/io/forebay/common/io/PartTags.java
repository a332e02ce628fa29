package io.forebay.common.io;

import io.forebay.common.model.ChecksumType;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The entity tag of an object that was uploaded in parts, from those of its parts: the MD5 over their digests, and
/// their number, as S3 has it.
///
/// The tag of a part is a digest in hex: its MD5; where that would tell of content that is encrypted, another one
/// followed by `-x`.
public final class PartTags {
    private static final int DIGITS = 32;
    private static final String NO_MD5 = "-x";

    private PartTags() {}

    /// The tag of the whole; null when one of the parts has a tag of another form.
    public static @Nullable String whole(List<String> tags) {
        Checksummer md5 = Checksummers.of(ChecksumType.MD5);
        for (String tag : tags) {
            if (!isDigest(tag)) {
                return null;
            }
            md5.update(ByteBuffer.wrap(HexFormat.of().parseHex(tag, 0, DIGITS)));
        }
        return md5.finish().hex() + "-" + tags.size();
    }

    private static boolean isDigest(String tag) {
        boolean whole = tag.length() == DIGITS || (tag.length() == DIGITS + NO_MD5.length() && tag.endsWith(NO_MD5));
        return whole && tag.chars().limit(DIGITS).allMatch(HexFormat::isHexDigit);
    }
}
