package io.forebay.protocol.api.control;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One of the owner sets among which objects may be.
///
/// @param number counted from 1
/// @param phase `PENDING`, `ACTIVE` or `SETTLED`
/// @param owners the storage nodes among which keys are placed, by id
public record EpochStatus(long number, String phase, List<String> owners) {
    public EpochStatus(long number, @Nullable String phase, @Nullable List<String> owners) {
        this.number = number;
        this.phase = phase == null ? "" : phase;
        this.owners = owners == null ? List.of() : List.copyOf(owners);
    }
}
