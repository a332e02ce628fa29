package io.forebay.protocol.api;

/// Which AIStore's API Forebay speaks.
public final class AisVersion {
    /// `ais_version` of every node: AIStore's command line compares its first two numbers with its own, and takes
    /// a text of another form for an error.
    public static final String TEXT = "5.0.0";

    private AisVersion() {}
}
