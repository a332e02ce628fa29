package io.forebay.app;

import io.forebay.protocol.api.DamageInfo;
import io.forebay.protocol.api.ScrubList;
import io.forebay.protocol.api.ScrubLists;
import io.forebay.protocol.api.WireJson;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `forebay volume damaged`: what the nodes of a running cluster know to be damaged, and do not serve.
@Command(
        name = "damaged",
        mixinStandardHelpOptions = true,
        description = {
            "Lists damaged objects: their bytes are not served until they are written again or removed.",
            "Exit code: 0 nothing is damaged, 1 something is."
        })
final class VolumeDamagedCommand implements Callable<Integer> {
    private final PrintStream out;

    @Mixin
    private ControlClient server = new ControlClient();

    @Option(names = "--json", description = "Print one JSON document.")
    private boolean json;

    VolumeDamagedCommand(PrintStream out) {
        this.out = out;
    }

    private record Damaged(List<DamageInfo> damaged) {}

    @Override
    public Integer call() {
        List<DamageInfo> damaged = WireJson.read(server.get("/admin/scrub"), ScrubLists.class).nodes().stream()
                .map(ScrubList::damaged)
                .flatMap(List::stream)
                .toList();
        if (json) {
            out.println(new String(WireJson.write(new Damaged(damaged)), StandardCharsets.UTF_8));
        } else {
            damaged.forEach(this::print);
            out.println("damaged: " + damaged.size());
        }
        return damaged.isEmpty() ? 0 : 1;
    }

    private void print(DamageInfo info) {
        String what = info.name().isEmpty()
                ? "the index"
                : info.name() + " of bucket " + info.bucketId() + (info.part() == 0 ? "" : ", part " + info.part());
        out.println("volume " + info.volume() + ": " + what + ": " + info.reason() + " (found "
                + Instant.ofEpochMilli(info.foundMillis()) + ")");
    }
}
