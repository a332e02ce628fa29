package io.forebay.app;

import io.forebay.common.config.DataSize;
import io.forebay.protocol.api.ScrubInfo;
import io.forebay.protocol.api.ScrubList;
import io.forebay.protocol.api.ScrubLists;
import io.forebay.protocol.api.ScrubOrder;
import io.forebay.protocol.api.WireJson;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `forebay volume scrub`: verifies everything on the volumes of a running cluster, now.
@Command(
        name = "scrub",
        mixinStandardHelpOptions = true,
        description = {
            "Starts to verify everything that a volume (or every volume) stores, and shows how far that has come.",
            "Exit code: 0 nothing is damaged, 1 something is."
        })
final class VolumeScrubCommand implements Callable<Integer> {
    private static final long POLL_SECONDS = 1;

    private final PrintStream out;

    @Mixin
    private ControlClient server = new ControlClient();

    @Parameters(
            arity = "0..1",
            paramLabel = "ID",
            defaultValue = "",
            description = "The id of a volume, as forebay volume list shows it; all volumes without it.")
    private String volume = "";

    @Option(names = "--no-wait", description = "Do not wait for the end.")
    private boolean noWait;

    VolumeScrubCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        ScrubLists lists = WireJson.read(server.post("/admin/scrub", new ScrubOrder(volume)), ScrubLists.class);
        CountDownLatch never = new CountDownLatch(1);
        while (!noWait && !running(lists).isEmpty()) {
            running(lists).forEach(this::print);
            if (never.await(POLL_SECONDS, TimeUnit.SECONDS)) {
                break;
            }
            lists = WireJson.read(server.get("/admin/scrub"), ScrubLists.class);
        }
        chosen(lists).forEach(this::print);
        long damaged = lists.nodes().stream()
                .flatMap(node -> node.damaged().stream())
                .filter(one -> isChosen(one.volume()))
                .count();
        out.println("damaged: " + damaged + (damaged == 0 ? "" : " (see forebay volume damaged)"));
        return damaged == 0 ? 0 : 1;
    }

    private List<ScrubInfo> running(ScrubLists lists) {
        return chosen(lists).stream().filter(ScrubInfo::running).toList();
    }

    private List<ScrubInfo> chosen(ScrubLists lists) {
        List<ScrubInfo> chosen = new ArrayList<>();
        for (ScrubList node : lists.nodes()) {
            node.volumes().stream().filter(info -> isChosen(info.volume())).forEach(chosen::add);
        }
        return chosen;
    }

    private boolean isChosen(String id) {
        return volume.isEmpty() || volume.equals(id);
    }

    private void print(ScrubInfo info) {
        out.println("volume " + info.volume() + ": " + (info.running() ? "verifying, " : "verified, ")
                + new DataSize(info.verifiedBytes())
                + (info.running() ? " of about " + new DataSize(info.totalBytes()) : ""));
    }
}
