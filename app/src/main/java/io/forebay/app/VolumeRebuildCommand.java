package io.forebay.app;

import io.forebay.common.config.Settings;
import io.forebay.common.time.Ticker;
import io.forebay.storage.object.IndexRebuild;
import io.forebay.storage.object.RebuildReport;
import io.forebay.storage.object.StoreConfig;
import io.forebay.storage.object.VolumeFinding;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `forebay volume rebuild-index`: makes the index of stopped volumes anew.
@Command(
        name = "rebuild-index",
        mixinStandardHelpOptions = true,
        description = {
            "Makes a new index from the data files alone and puts it in the place of the old one, which stays until the"
                    + " new one is complete. Damaged records are passed over and reported.",
            "Exit code: 0 rebuilt, 1 rebuilt but something was damaged (or refused, with one sentence)."
        })
final class VolumeRebuildCommand implements Callable<Integer> {
    private final PrintStream out;
    private final PrintStream err;

    @Parameters(
            arity = "1..*",
            paramLabel = "DIR",
            description = "A volume's folder, or a server's data folder with volumes inside.")
    private List<Path> folders = List.of();

    VolumeRebuildCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() {
        int code = 0;
        StoreConfig config = Settings.of(StoreConfig.class).bind(Map.of());
        for (Path folder : folders) {
            for (Path volume : VolumeFolders.of(folder)) {
                WorkMeter meter = new WorkMeter(err, volume.toString(), Ticker.SYSTEM);
                RebuildReport report = IndexRebuild.rebuild(volume, config, meter);
                print(volume, report);
                code = report.findings().isEmpty() ? code : 1;
            }
        }
        return code;
    }

    private void print(Path volume, RebuildReport report) {
        out.println(volume + ": volume " + report.volume() + ": index rebuilt from " + report.records() + " records: "
                + report.objects() + " objects");
        for (VolumeFinding finding : report.findings()) {
            String object = finding.object() == null ? "" : finding.object() + ": ";
            out.println("  damage: " + object + finding.what() + " (" + finding.where() + ")");
            out.println("    what to do: " + finding.remedy());
        }
    }
}
