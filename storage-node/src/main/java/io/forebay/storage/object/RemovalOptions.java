package io.forebay.storage.object;

/// How something is removed.
///
/// @param conditions that it must meet
/// @param marksAbsence whether a bucket with versions remembers the removal of what is not there, too
/// @param bypassesGovernance whether retention in governance mode does not count
public record RemovalOptions(Conditions conditions, boolean marksAbsence, boolean bypassesGovernance) {
    public static final RemovalOptions NONE = new RemovalOptions(Conditions.NONE, false, false);
}
