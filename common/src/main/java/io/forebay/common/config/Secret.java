package io.forebay.common.config;

/// A text that never shows itself: `toString` is `***`, in logs, messages and the effective configuration.
public record Secret(String value) {
    @Override
    public String toString() {
        return "***";
    }
}
