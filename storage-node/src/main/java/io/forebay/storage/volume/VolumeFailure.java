package io.forebay.storage.volume;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.io.IOException;
import java.util.Locale;

/// Turns what a disk throws into what the store throws.
final class VolumeFailure {
    private VolumeFailure() {}

    /// Whether a disk's words are that it or a quota is full: the JDK tells by the text of the operating
    /// system only.
    static boolean isFull(String words) {
        String text = words.toLowerCase(Locale.ROOT);
        return text.contains("no space left") || text.contains("quota exceeded");
    }

    /// Whether a disk's words are that the process or the machine may open no more files.
    static boolean isLimit(String words) {
        return words.toLowerCase(Locale.ROOT).contains("too many open files");
    }

    /// NO_SPACE when the disk or a quota is full, else VOLUME_FAILED.
    static StoreException of(String what, IOException cause) {
        boolean full = isFull(String.valueOf(cause.getMessage()));
        return new StoreException(
                full ? ErrorCode.NO_SPACE : ErrorCode.VOLUME_FAILED,
                what + ": " + (cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage()),
                cause);
    }
}
