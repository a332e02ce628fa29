package io.forebay.system.scenario;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.util.List;
import java.util.Locale;

/// What a run does to its cluster.
public enum Scenario {
    CRASH,
    PAUSE,
    PARTITION,
    ASYMMETRIC,
    FLAP,
    SLOW,
    LEADER,
    CLOCK,
    TWO,
    JOIN,
    MAINTENANCE,
    JOIN_CRASH,
    LOSS,
    UPGRADE;

    /// As the command line has it.
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// Throws INVALID_ARGUMENT for a word that is none.
    public static Scenario parse(String word) {
        for (Scenario scenario : values()) {
            if (scenario.wireName().equals(word)) {
                return scenario;
            }
        }
        throw new StoreException(
                ErrorCode.INVALID_ARGUMENT,
                "\"" + word + "\" is none of "
                        + String.join(
                                ", ",
                                List.of(values()).stream()
                                        .map(Scenario::wireName)
                                        .toList()));
    }

    /// Whether it is for buckets with copies only.
    public boolean needsCopies() {
        return this == LOSS;
    }

    /// Whether it is not among all scenarios of one build, and its cluster is used up by it.
    boolean needsAnotherBuild() {
        return this == UPGRADE;
    }

    List<Fault> faults(Faults faults, MemberFaults members) {
        return switch (this) {
            case CRASH -> List.of(faults.crash());
            case PAUSE -> List.of(faults.pause());
            case PARTITION -> List.of(faults.partition());
            case ASYMMETRIC -> List.of(faults.oneWayPartition());
            case FLAP -> List.of(faults.flappingLink());
            case SLOW -> List.of(faults.slowPeer());
            case CLOCK -> List.of(faults.clockJump());
            case LEADER -> List.of(faults.crashOfLeader());
            case TWO -> List.of(faults.any(), faults.any());
            case JOIN -> List.of(members.exchange());
            case MAINTENANCE -> List.of(members.maintenance());
            case JOIN_CRASH -> List.of(members.exchange(), faults.crash());
            case LOSS -> List.of(members.loss());
            case UPGRADE -> List.of(members.upgrade());
        };
    }
}
