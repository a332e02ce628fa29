package io.forebay.app;

import java.io.PrintStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `forebay gateway`: a gateway alone, the first of a cluster or a further one.
@Command(
        name = "gateway",
        description = "Starts a gateway: with --join one more of a cluster, without it the first of a new one.")
final class GatewayCommand extends ProcessCommand {
    @Option(names = "--region", paramLabel = "REGION", description = "Region that S3 clients see (us-east-1).")
    private @Nullable String region;

    GatewayCommand(PrintStream out, GivenKeys given) {
        super(out, given, ServerRole.GATEWAY);
    }

    @Override
    void putOwn(Map<String, String> values) {
        put(values, "gateway.s3.region", region);
    }
}
