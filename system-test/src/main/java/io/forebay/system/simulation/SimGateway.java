package io.forebay.system.simulation;

import io.forebay.gateway.control.Supervision;
import io.forebay.gateway.control.SupervisorConfig;
import java.time.Duration;

/// A gateway that leads, or believes so for as long as its last proof carries.
final class SimGateway {
    static final SupervisorConfig CONFIG =
            new SupervisorConfig(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofMillis(500));

    final int number;
    final Supervision supervision = new Supervision(CONFIG);
    /// Whether it reaches the other gateways.
    boolean connected = true;
    /// The term in which it was elected last.
    long term;
    /// The newest state that it has.
    Places known;

    SimGateway(int number, Places known) {
        this.number = number;
        this.known = known;
    }
}
