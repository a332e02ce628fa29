package io.forebay.app;

import io.forebay.common.error.StoreException;
import io.forebay.common.time.Ticker;
import io.forebay.storage.object.IndexRebuild;
import io.forebay.storage.object.RebuildReport;
import io.forebay.storage.object.StoreConfig;
import io.forebay.storage.object.VolumeFinding;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `forebay volume rebuild-index`: makes the index of stopped volumes anew.
@Command(
        name = "rebuild-index",
        mixinStandardHelpOptions = true,
        description = {
            "Makes a new index from the data files alone and puts it in the place of the old one, which stays until the"
                    + " new one is complete. Damaged records are passed over and reported.",
            "Exit code: 0 rebuilt, 1 something was damaged, or a volume is missing or could not be rebuilt."
        })
final class VolumeRebuildCommand implements Callable<Integer> {
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

    VolumeRebuildCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() {
        StoreConfig config = options.forebay().storage().store();
        boolean whole = true;
        for (Path folder : folders) {
            try {
                for (StoppedVolumes.Found volume : StoppedVolumes.of(folder)) {
                    whole &= volume.failure() == null ? rebuild(volume.folder(), config) : refuse(volume.failure());
                }
            } catch (StoreException e) {
                whole = refuse(e.text());
            }
        }
        return whole ? 0 : 1;
    }

    /// Whether nothing was damaged.
    private boolean rebuild(Path volume, StoreConfig config) {
        try {
            RebuildReport report =
                    IndexRebuild.rebuild(volume, config, new WorkMeter(err, volume.toString(), Ticker.SYSTEM));
            print(volume, report);
            return report.findings().isEmpty() && report.damages() == 0;
        } catch (StoreException e) {
            return refuse(e.text());
        }
    }

    private boolean refuse(String why) {
        err.println("forebay: could not rebuild: " + why);
        return false;
    }

    private void print(Path volume, RebuildReport report) {
        out.println(volume + ": volume " + report.volume() + ": index rebuilt from " + report.records() + " records: "
                + report.objects() + " objects");
        if (report.damages() > 0) {
            out.println("  known as damaged: " + report.damages() + " objects and parts");
        }
        if (report.unknownDamage() != null) {
            out.println("  more may be damaged than the new index knows (the old one: " + report.unknownDamage()
                    + "): the next start of the server begins a scrub");
        }
        for (VolumeFinding finding : report.findings()) {
            String object = finding.object() == null ? "" : finding.object() + ": ";
            out.println("  damage: " + object + finding.what() + " (" + finding.where() + ")");
            out.println("    what to do: " + finding.remedy());
        }
    }
}
