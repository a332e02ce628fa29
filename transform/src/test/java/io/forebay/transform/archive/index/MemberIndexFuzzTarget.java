package io.forebay.transform.archive.index;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.XxHash64;
import io.forebay.transform.archive.model.Member;
import io.forebay.transform.archive.model.SeekableBytes;
import java.nio.ByteBuffer;

/// Indexes as they are, and with their checksums put right: what is no index is CORRUPT.
public final class MemberIndexFuzzTarget {
    private static final int MAX_MEMBERS = 10_000;
    private static final int MAX_LOOKUPS = 10;

    private MemberIndexFuzzTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        read(input);
        if (input.length >= IndexForm.FOOTER_BYTES) {
            read(sealed(input.clone()));
        }
    }

    private static void read(byte[] input) {
        try {
            MemberIndex index = MemberIndex.open(SeekableBytes.of(ByteBuffer.wrap(input)));
            MemberCursor cursor = index.list("", "");
            for (int number = 0; number < MAX_MEMBERS && cursor.next(); number++) {
                Member member = cursor.member();
                if (number < MAX_LOOKUPS) {
                    index.find(member.name());
                    index.list(member.name(), "a").next();
                }
            }
        } catch (StoreException e) {
            if (e.code() != ErrorCode.CORRUPT) {
                throw new AssertionError("refused by " + e.code(), e);
            }
        }
    }

    /// The input with the checksums that its bytes should have, as far as it has the shape of an index.
    private static byte[] sealed(byte[] input) {
        ByteBuffer bytes = ByteBuffer.wrap(input);
        int footerAt = input.length - IndexForm.FOOTER_BYTES;
        long tableAt = bytes.getLong(footerAt + IndexForm.TABLE_AT);
        int blocks = bytes.getInt(footerAt + IndexForm.BLOCKS_AT);
        long rowsAt = footerAt - (long) blocks * IndexForm.TABLE_ROW_BYTES;
        if (tableAt < 0 || tableAt > footerAt || blocks < 0 || rowsAt < tableAt) {
            return input;
        }
        for (int block = 0; block < blocks; block++) {
            long from = bytes.getLong((int) rowsAt + block * IndexForm.TABLE_ROW_BYTES);
            long end = block + 1 < blocks
                    ? bytes.getLong((int) rowsAt + (block + 1) * IndexForm.TABLE_ROW_BYTES)
                    : tableAt;
            long to = end - IndexForm.CHECKSUM_BYTES;
            if (from >= 0 && end >= 0 && from <= to && end <= tableAt) {
                bytes.putLong((int) to, XxHash64.hash(bytes.slice((int) from, (int) (to - from)), from));
            }
        }
        bytes.putLong(
                footerAt + IndexForm.TABLE_CHECKSUM_AT,
                XxHash64.hash(bytes.slice((int) tableAt, footerAt - (int) tableAt), tableAt));
        bytes.putLong(
                footerAt + IndexForm.FOOTER_CHECKSUM_AT,
                XxHash64.hash(bytes.slice(footerAt, IndexForm.FOOTER_CHECKSUM_AT), 0));
        bytes.putLong(footerAt + IndexForm.MAGIC_AT, IndexForm.MAGIC);
        return input;
    }
}
