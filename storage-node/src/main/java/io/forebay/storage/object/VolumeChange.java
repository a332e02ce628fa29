package io.forebay.storage.object;

/// What an operator may do with a volume.
public enum VolumeChange {
    /// Let it take writes again, or bring it back into service.
    ENABLE,
    /// Take it out of service with what it has.
    DISABLE,
    /// Let it be read only, and move what it has to the others.
    DRAIN,
    /// Take it away for good when it is empty.
    REMOVE,
    /// Take it away for good with what it has.
    REMOVE_WITH_OBJECTS,
    /// The same, also when it alone knows which objects on volumes out of service are void, and does not tell.
    REMOVE_WITH_NOTES,
    /// Ask its disk whether it works, and take it out of service when not.
    CHECK,
    /// Look whether all objects are where they belong.
    RESCAN
}
