package io.forebay.bench;

import io.forebay.bench.cluster.ClusterConfig;
import io.forebay.bench.cluster.ClusterScenario;
import io.forebay.bench.feed.FeedConfig;
import io.forebay.bench.feed.FeedScenario;
import io.forebay.bench.micro.MicroRun;
import io.forebay.bench.s3.S3Config;
import io.forebay.bench.s3.S3Scenario;
import io.forebay.bench.scenario.EngineConfig;
import io.forebay.bench.scenario.EngineScenario;
import io.forebay.bench.scenario.GetConfig;
import io.forebay.bench.scenario.GetScenario;
import io.forebay.bench.scenario.Home;
import io.forebay.bench.scenario.LargeConfig;
import io.forebay.bench.scenario.LargeScenario;
import io.forebay.bench.scenario.ListConfig;
import io.forebay.bench.scenario.ListScenario;
import io.forebay.bench.scenario.MixedConfig;
import io.forebay.bench.scenario.MixedScenario;
import io.forebay.bench.scenario.PutConfig;
import io.forebay.bench.scenario.PutScenario;
import io.forebay.bench.scenario.Report;
import io.forebay.bench.scenario.RunConfig;
import io.forebay.bench.storage.StorageConfig;
import io.forebay.bench.storage.StorageScenario;
import io.forebay.common.error.StoreException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// The command behind `scripts/bench`.
public final class BenchMain {
    private static final String USAGE = """
            usage: scripts/bench micro [PATTERN]      JMH benchmarks; fails when one allocates more than it may
                   scripts/bench allocations          the part of it that every check runs: GET and PUT, shortly
                   scripts/bench get|put|list         Forebay against nginx, or against the disk, in the same run
                   scripts/bench s3                   S3 with authentication against nginx, another server, bare work
                   scripts/bench feed                 batches, members and listings of archives against plain reads
                   scripts/bench cluster              several nodes against one: relays, copies, joining
                   scripts/bench engine               the wire engine alone against nginx
                   scripts/bench large                one very large object in and out
                   scripts/bench storage              the storage engine against floors on the same disk
                   scripts/bench mixed                everything at once for long, watching memory
                   scripts/bench SCENARIO --help      its options
            """;

    private BenchMain() {}

    public static void main(String[] arguments) {
        try {
            System.exit(run(arguments));
        } catch (StoreException e) {
            System.err.println("bench: " + e.getMessage());
            System.exit(2);
        }
    }

    private static int run(String[] arguments) {
        String scenario = arguments.length == 0 ? "" : arguments[0];
        List<String> rest = Arrays.asList(arguments).subList(Math.min(1, arguments.length), arguments.length);
        if (scenario.equals("micro")) {
            return MicroRun.run(rest.isEmpty() ? ".*" : rest.getFirst(), System.out);
        }
        if (scenario.equals("allocations")) {
            return MicroRun.runShort(System.out);
        }
        Path root = Path.of(System.getProperty("forebay.root", "."))
                .toAbsolutePath()
                .normalize();
        Home home = new Home(
                root,
                root.resolve("bench/target/run"),
                System.getProperty("user.name", ""),
                Integer.parseInt(System.getProperty("forebay.processors", "1")),
                java());
        return new Runner(root, home, new Report(System.out)).run(scenario, rest);
    }

    /// The command of this process, up to its main class.
    private static List<String> java() {
        return List.of(
                Path.of(System.getProperty("java.home", ""), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path", ""));
    }

    /// Runs one scenario in an empty scratch folder.
    private record Runner(Path root, Home home, Report report) {
        int run(String scenario, List<String> arguments) {
            return switch (scenario) {
                case "get" -> {
                    GetConfig config = Options.bind(GetConfig.class, arguments);
                    yield run(scenario, config.run(), new GetScenario(config, home, report)::run);
                }
                case "put" -> {
                    PutConfig config = Options.bind(PutConfig.class, arguments);
                    yield run(scenario, config.run(), new PutScenario(config, home, report)::run);
                }
                case "list" -> {
                    ListConfig config = Options.bind(ListConfig.class, arguments);
                    yield run(scenario, config.run(), new ListScenario(config, home, report)::run);
                }
                case "s3" -> {
                    S3Config config = Options.bind(S3Config.class, arguments);
                    yield run(scenario, config.run(), new S3Scenario(config, home, report)::run);
                }
                case "feed" -> {
                    FeedConfig config = Options.bind(FeedConfig.class, arguments);
                    yield run(scenario, config.run(), new FeedScenario(config, home, report)::run);
                }
                case "large" -> {
                    LargeConfig config = Options.bind(LargeConfig.class, arguments);
                    yield run(scenario, config.run(), new LargeScenario(config, home, report)::run);
                }
                case "mixed" -> {
                    MixedConfig config = Options.bind(MixedConfig.class, arguments);
                    yield run(scenario, config.run(), new MixedScenario(config, home, report)::run);
                }
                case "cluster" -> {
                    ClusterConfig config = Options.bind(ClusterConfig.class, arguments);
                    yield run(scenario, config.run(), new ClusterScenario(config, home, report)::run);
                }
                case "storage" -> {
                    StorageConfig config = Options.bind(StorageConfig.class, arguments);
                    Home own = StorageScenario.home(config, home);
                    yield new Runner(root, own, report)
                            .run(scenario, config.run(), new StorageScenario(config, own, report, arguments)::run);
                }
                case "storage-row" -> {
                    // One row of the scenario `storage`, in a process that the scenario has started.
                    StorageConfig config = Options.bind(StorageConfig.class, arguments.subList(1, arguments.size()));
                    StorageScenario.runRow(arguments.getFirst(), config, StorageScenario.home(config, home), report);
                    yield 0;
                }
                case "engine" -> {
                    EngineConfig config = Options.bind(EngineConfig.class, arguments);
                    yield run(scenario, config.run(), new EngineScenario(config, home, report)::run);
                }
                default -> {
                    System.err.print(USAGE);
                    yield 2;
                }
            };
        }

        private int run(String name, RunConfig config, Runnable scenario) {
            home.clear();
            scenario.run();
            home.clear();
            if (config.record()) {
                report.record(root.resolve("bench/results").resolve(name + ".txt"));
            }
            return 0;
        }
    }
}
