package io.forebay.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ForebayMainTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    @Test
    void versionIsOneLine() {
        assertThat(run("version")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("forebay ").hasLineCount(1);
    }

    @Test
    void configListsEverySettingAsAFileThatChangesNothing() throws IOException {
        assertThat(run("config")).isZero();
        String text = out.toString(StandardCharsets.UTF_8);
        assertThat(text).contains("#server.listen = 127.0.0.1:8080");
        Path file = Files.writeString(folder.resolve("all.properties"), text);
        out.reset();
        assertThat(run("config", "--config", file.toString())).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("server.listen = 127.0.0.1:8080\n");
    }

    @Test
    void everyDefaultCanBeGivenAsAValue() throws IOException {
        run("config");
        String text = out.toString(StandardCharsets.UTF_8).replaceAll("(?m)^#(\\S+ = \\S)", "$1");
        Path file = Files.writeString(folder.resolve("all.properties"), text);
        assertThat(run("config", "--config", file.toString())).isZero();
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "serve; forebay: Unmatched argument at index 0: 'serve' (see forebay --help)",
                "server --lisen x; forebay: Unknown options: '--lisen', 'x' (see forebay server --help)",
                "server --set server.lisen=x; forebay: unknown setting server.lisen: did you mean server.listen?",
                "server --set nonsense; forebay: --set \"nonsense\" is not KEY=VALUE",
                "server --storage-nodes 0; forebay: invalid settings server: storage-nodes \"0\" is not a number from 1"
                        + " to 32",
                "volume list --control 127.0.0.1:1; forebay: no server listens at 127.0.0.1:1: start one, or name its"
                        + " control port with --control",
                "volume list --control nowhere; forebay: setting --control: \"nowhere\" is not an address: expecting"
                        + " HOST:PORT, such as 127.0.0.1:8080",
                "cluster status --control 127.0.0.1:1; forebay: no server listens at 127.0.0.1:1: start one, or name its"
                        + " control port with --control",
                "cluster maintenance node1 maybe; forebay: Invalid value for positional parameter at index 1 (on|off):"
                        + " expected one of [ON, OFF] (case-insensitive) but was 'maybe' (see forebay cluster"
                        + " maintenance --help)",
                "cluster token --data /absent; forebay: folder /absent is no data folder of a cluster: it has no"
                        + " cluster-secret",
                "gateway --join nowhere; forebay: invalid settings join: gateways (--join) \"http://nowhere\" is not the"
                        + " address of a control port, such as http://10.0.0.1:8081",
                "server --auth maybe; forebay: setting server.auth: \"maybe\" is none of on, off",
                "server --config /absent/file; forebay: cannot read settings of /absent/file: no such file",
                "server --listen nowhere; forebay: setting server.listen: \"nowhere\" is not an address: expecting"
                        + " HOST:PORT, such as 127.0.0.1:8080",
                "server --listen 0.0.0.0:0; forebay: --listen 0.0.0.0:0 is not loopback and --auth is off: set --auth"
                        + " on, or --insecure if everyone on the network may do everything",
            })
    void refusalIsOneSentenceAndExitCodeOne(String arguments, String sentence) {
        assertThat(run(arguments.split(" ", -1))).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo(sentence + "\n");
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    private int run(String... arguments) {
        return ForebayMain.commandLine(stream(out), stream(err), GivenKeys.NONE).execute(arguments);
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
