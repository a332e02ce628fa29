package io.forebay.transform.archive.zip;

/// Signatures, flags and lengths of the records of a zip archive (APPNOTE 6.3).
final class ZipFields {
    static final int LOCAL = 0x04034b50;
    static final int LOCAL_BYTES = 30;
    static final int DESCRIPTOR = 0x08074b50;
    static final int CENTRAL = 0x02014b50;
    static final int CENTRAL_BYTES = 46;
    static final int END = 0x06054b50;
    static final int END_BYTES = 22;
    static final int END_64 = 0x06064b50;
    static final int END_64_BYTES = 56;
    static final int LOCATOR_64 = 0x07064b50;
    static final int LOCATOR_64_BYTES = 20;

    static final int STORED = 0;
    static final int DEFLATED = 8;
    static final int FLAG_ENCRYPTED = 1;
    static final int FLAG_DESCRIPTOR = 1 << 3;
    static final int FLAG_UTF_8 = 1 << 11;

    static final int EXTRA_64 = 0x0001;
    static final int EXTRA_TIMES = 0x5455;

    static final int MAX_16 = 0xFFFF;
    static final long MAX_32 = 0xFFFFFFFFL;

    private ZipFields() {}
}
