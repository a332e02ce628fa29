package io.forebay.system.crash;

import io.forebay.protocol.api.VolumeInfo;
import io.forebay.protocol.api.VolumeList;
import io.forebay.protocol.api.VolumeLists;
import io.forebay.protocol.api.VolumeOrder;
import io.forebay.protocol.api.WireJson;
import io.forebay.system.server.RawHttp;
import io.forebay.system.server.RawHttp.Answer;
import java.net.URI;
import java.util.List;
import java.util.SplittableRandom;

/// Drains a volume of a living server, or lets the one that is drained take writes again: so what the server
/// has is always on its way from one volume to another.
final class Drains {
    private static final String TARGET = "/admin/volumes";
    private static final String JSON = "Content-Type: application/json\r\n";
    private static final String DRAINING = "draining";

    private final SplittableRandom random;
    private final Counts counts;

    Drains(SplittableRandom random, Counts counts) {
        this.random = random;
        this.counts = counts;
    }

    /// Drains a volume at random, or ends the draining of the one that is.
    ///
    /// @param control the address of the control port
    void turn(URI control) {
        try (RawHttp http = new RawHttp(control)) {
            List<VolumeList> nodes = WireJson.read(http.send("GET", TARGET).body(), VolumeLists.class)
                    .nodes();
            VolumeList node = nodes.get(random.nextInt(nodes.size()));
            List<VolumeInfo> volumes = node.volumes();
            VolumeInfo chosen = volumes.stream()
                    .filter(volume -> volume.state().equals(DRAINING))
                    .findFirst()
                    .orElseGet(() -> volumes.get(random.nextInt(volumes.size())));
            String action = chosen.state().equals(DRAINING) ? "enable" : "drain";
            byte[] order = WireJson.write(new VolumeOrder(action, chosen.id(), ""));
            Answer answer = http.send("POST", TARGET, JSON, order);
            counts.drains.increment();
            if (answer.status() != 200) {
                counts.find(
                        counts.refused,
                        "answer " + answer.status() + " " + answer.text() + " to " + action + " " + chosen.path());
            }
        }
    }
}
