package io.forebay.app;

import io.forebay.common.config.DataSize;
import io.forebay.common.error.StoreException;
import io.forebay.common.time.Ticker;
import io.forebay.protocol.api.WireJson;
import io.forebay.storage.object.CheckReport;
import io.forebay.storage.object.StoreConfig;
import io.forebay.storage.object.VolumeCheck;
import io.forebay.storage.object.VolumeFinding;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `forebay volume check`: looks at stopped volumes and says what is wrong with them.
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = {
            "Verifies volumes that no server has open: every record, every object's bytes, the index and the books on"
                    + " space. Changes nothing.",
            "Exit code: 0 clean, 1 damage was found, 2 a volume is missing or could not be checked."
        })
final class VolumeCheckCommand implements Callable<Integer> {
    private static final int CLEAN = 0;
    private static final int DAMAGED = 1;
    private static final int UNCHECKED = 2;

    private final PrintStream out;
    private final PrintStream err;

    @Parameters(
            arity = "1..*",
            paramLabel = "DIR",
            description = "A volume's folder, or a server's data folder: all volumes of its storage nodes, wherever"
                    + " they are.")
    private List<Path> folders = List.of();

    @Mixin
    private SettingsOptions options = new SettingsOptions();

    @Option(names = "--json", description = "Print one JSON document.")
    private boolean json;

    VolumeCheckCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /// What was found at one place; one of the two is there.
    private record Checked(
            String path,
            @Nullable CheckReport report,
            @Nullable String failure) {}

    private record Answer(List<Checked> volumes) {}

    @Override
    public Integer call() {
        StoreConfig config;
        try {
            config = options.forebay().storage().store();
        } catch (StoreException e) {
            err.println("forebay: could not check: " + e.text());
            return UNCHECKED;
        }
        List<Checked> all = new ArrayList<>();
        for (Path folder : folders) {
            try {
                StoppedVolumes.of(folder).forEach(volume -> all.add(check(volume, config)));
            } catch (StoreException e) {
                all.add(new Checked(folder.toString(), null, e.text()));
            }
        }
        if (json) {
            out.print(new String(WireJson.line(new Answer(all)), StandardCharsets.UTF_8));
        } else {
            all.forEach(this::print);
        }
        return code(all);
    }

    private Checked check(StoppedVolumes.Found found, StoreConfig config) {
        Path volume = found.folder();
        if (found.failure() != null) {
            return new Checked(volume.toString(), null, found.failure());
        }
        try {
            WorkMeter meter = new WorkMeter(err, volume.toString(), Ticker.SYSTEM);
            return new Checked(volume.toString(), VolumeCheck.check(volume, config, meter), null);
        } catch (StoreException e) {
            return new Checked(volume.toString(), null, e.text());
        }
    }

    private void print(Checked checked) {
        CheckReport report = checked.report;
        if (report == null) {
            err.println("forebay: could not check: " + checked.failure);
            return;
        }
        out.println(checked.path + ": volume " + report.volume() + ", format " + report.format() + ": "
                + report.objects() + " objects, " + report.uploads() + " uploads with " + report.parts() + " parts, "
                + report.segments() + " segments with " + report.records() + " records; "
                + new DataSize(report.verifiedBytes()) + " of objects verified");
        for (VolumeFinding finding : report.findings()) {
            print(finding);
        }
        long unlisted =
                report.damages() + report.leftovers() - report.findings().size();
        if (unlisted > 0) {
            out.println("  and " + unlisted + " more");
        }
        String leftovers = report.leftovers() == 0 ? "" : "; leftovers: " + report.leftovers();
        out.println(
                report.damages() == 0
                        ? "  clean" + leftovers
                        : "  DAMAGED: " + report.damages() + " findings" + leftovers);
    }

    private void print(VolumeFinding finding) {
        String object = finding.object() == null ? "" : finding.object() + ": ";
        String kind = finding.kind().isDamage() ? "damage" : "note";
        out.println("  " + kind + ": " + object + finding.what() + " (" + finding.where() + ")");
        out.println("    what to do: " + finding.remedy());
    }

    private static int code(List<Checked> all) {
        int code = CLEAN;
        for (Checked checked : all) {
            if (checked.report == null) {
                return UNCHECKED;
            }
            code = checked.report.damages() > 0 ? DAMAGED : code;
        }
        return code;
    }
}
