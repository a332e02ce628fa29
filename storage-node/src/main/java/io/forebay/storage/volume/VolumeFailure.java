package io.forebay.storage.volume;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.io.IOException;
import java.util.Locale;

/// Turns what a disk throws into what the store throws.
final class VolumeFailure {
    private VolumeFailure() {}

    /// NO_SPACE when the disk or a quota is full, else VOLUME_FAILED. The JDK tells them apart by the text of the
    /// operating system only.
    static StoreException of(String what, IOException cause) {
        String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        boolean full = text.contains("no space left") || text.contains("quota exceeded");
        return new StoreException(
                full ? ErrorCode.NO_SPACE : ErrorCode.VOLUME_FAILED,
                what + ": " + (cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage()),
                cause);
    }
}
