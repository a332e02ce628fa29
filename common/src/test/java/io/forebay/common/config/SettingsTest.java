package io.forebay.common.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SettingsTest {
    enum Policy {
        AT_ONCE,
        LATER
    }

    record VolumeSettings(
            @Setting("Directories for object files.") List<Path> paths,

            @Setting("Free share below which writes are refused.") @Default("5%")
            Ratio reserve,

            @Setting("The size of a segment.") @Default("64MiB")
            DataSize segmentSize) {
        VolumeSettings {
            Check.argument(segmentSize.bytes() >= 1024, "segment-size is below 1KiB: %s", segmentSize);
        }
    }

    record NodeSettings(
            @Setting("The name of the node.") @Default("one")
            String name,

            @Setting("How long to wait.") @Default("1m30s") Duration patience,
            @Setting("How many at once.") @Default("16") int maxConcurrent,

            @Setting("Bytes in flight.") @Default("9000000000")
            long total,

            @Setting("A factor.") @Default("1.5") double factor,
            @Setting("Whether it checks.") @Default("true") boolean verified,

            @Setting("When writes are synced.") @Default("later")
            Policy policy,

            @Setting("What proves a caller.") @Nullable Secret key,
            @Setting("Its volumes.") VolumeSettings volume) {}

    record Required(@Setting("Where it listens.") String listen) {}

    private static final Settings<NodeSettings> SETTINGS = Settings.of(NodeSettings.class);

    @Test
    void defaultsFillEveryType() {
        NodeSettings settings = Settings.defaults(NodeSettings.class);
        assertThat(settings)
                .isEqualTo(new NodeSettings(
                        "one",
                        Duration.ofSeconds(90),
                        16,
                        9_000_000_000L,
                        1.5,
                        true,
                        Policy.LATER,
                        null,
                        new VolumeSettings(List.of(), new Ratio(0.05), DataSize.ofMib(64))));
    }

    @Test
    void valuesAreBoundByDashedPath() {
        NodeSettings settings = SETTINGS.bind(Map.of(
                "max-concurrent", " 3 ",
                "policy", "at-once",
                "key", "s3cret",
                "verified", "off",
                "volume.paths", "/a, /b",
                "volume.segment-size", "1GiB"));
        assertThat(settings.maxConcurrent()).isEqualTo(3);
        assertThat(settings.policy()).isEqualTo(Policy.AT_ONCE);
        assertThat(settings.key()).isEqualTo(new Secret("s3cret"));
        assertThat(settings.verified()).isFalse();
        assertThat(settings.volume().paths()).containsExactly(Path.of("/a"), Path.of("/b"));
        assertThat(settings.volume().segmentSize().bytes()).isEqualTo(1L << 30);
    }

    @Test
    void unknownKeyIsRefusedWithTheNearestKnownOne() {
        assertRefused(
                Map.of("volume.segmentsize", "1"),
                "unknown setting volume.segmentsize: did you mean volume.segment-size?");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "max-concurrent; many; setting max-concurrent: \"many\" is not a whole number",
                "patience; 5 parsecs; setting patience: \"5 parsecs\" is not a duration: expecting numbers with"
                        + " units, such as 100ms, 5s, 1m30s or 7d",
                "policy; sometimes; setting policy: \"sometimes\" is none of at-once, later",
                "verified; maybe; setting verified: \"maybe\" is neither true nor false",
                "volume.reserve; 105%; setting volume.reserve: \"105%\" is not a share: expecting 0% to 100%,"
                        + " such as 5% or 0.05",
                "volume.segment-size; 1 lot; setting volume.segment-size: \"1 lot\" is not a size: expecting a"
                        + " whole number and a unit, such as 128KiB or 5GiB",
                "volume.segment-size; 1B; invalid settings volume: segment-size is below 1KiB: 1B",
            })
    void badValueIsRefusedNamingKeyValueAndRule(String key, String value, String message) {
        assertRefused(Map.of(key, value), message);
    }

    @Test
    void requiredSettingMustBeGiven() {
        assertThatThrownBy(() -> Settings.defaults(Required.class))
                .isInstanceOf(StoreException.class)
                .hasMessage("setting listen is required: Where it listens.");
    }

    @Test
    void textShowsEveryValueButSecrets() {
        String text = SETTINGS.text(SETTINGS.bind(Map.of("key", "s3cret", "volume.paths", "/a,/b")));
        assertThat(text).isEqualTo("""
                name = one
                patience = 1m30s
                max-concurrent = 16
                total = 9000000000
                factor = 1.5
                verified = true
                policy = later
                key = ***
                volume.paths = /a,/b
                volume.reserve = 5%
                volume.segment-size = 64MiB
                """);
    }

    @Test
    void listDescribesEverySetting() {
        assertThat(SETTINGS.list())
                .hasSize(11)
                .contains(
                        new SettingInfo("volume.segment-size", "size", "64MiB", "The size of a segment."),
                        new SettingInfo("key", "secret", null, "What proves a caller."),
                        new SettingInfo("volume.paths", "list of path", "", "Directories for object files."));
    }

    @ParameterizedTest
    @CsvSource({"0,0", "7,7", "128KiB,131072", "64kB,64000", "2gib,2147483648", "1 TiB,1099511627776"})
    void sizesAreParsed(String text, long bytes) {
        assertThat(DataSize.parse(text).bytes()).isEqualTo(bytes);
        assertThat(DataSize.parse(DataSize.parse(text).toString()).bytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "KiB", "-1", "1.5MiB", "99999999999999999999", "9999999PiB", "1XiB"})
    void wrongSizesAreRefused(String text) {
        assertThatThrownBy(() -> DataSize.parse(text))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }

    @ParameterizedTest
    @CsvSource({"0,0", "100ms,100000000", "5s,5000000000", "1m30s,90000000000", "2h,7200000000000", "10us,10000"})
    void durationsAreParsed(String text, long nanos) {
        assertThat(DurationText.parse(text)).isEqualTo(Duration.ofNanos(nanos));
        assertThat(DurationText.parse(DurationText.format(Duration.ofNanos(nanos))))
                .isEqualTo(Duration.ofNanos(nanos));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "-5s", "5 s", "99999999999999999999d", "9223372036854775807d"})
    void wrongDurationsAreRefused(String text) {
        assertThatThrownBy(() -> DurationText.parse(text)).isInstanceOf(StoreException.class);
    }

    @ParameterizedTest
    @CsvSource({"5%,0.05,5%", "0.125,0.125,12.5%", "100%,1,100%", "0,0,0%"})
    void sharesAreParsed(String text, double value, String shown) {
        assertThat(Ratio.parse(text).value()).isEqualTo(value);
        assertThat(Ratio.parse(text)).hasToString(shown);
    }

    @Test
    void fileIsReadAsUtf8Properties(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("forebay.properties"), "# two\nname = Zürich\npolicy=later\n");
        assertThat(SettingsFile.read(file)).isEqualTo(Map.of("name", "Zürich", "policy", "later"));
    }

    @Test
    void fileWithAKeyTwiceIsRefused(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("forebay.properties"), "name=a\nname=b\n");
        assertThatThrownBy(() -> SettingsFile.read(file)).hasMessage("setting name is given twice in " + file);
    }

    @Test
    void missingFileIsRefused(@TempDir Path folder) {
        Path file = folder.resolve("absent.properties");
        assertThatThrownBy(() -> SettingsFile.read(file))
                .hasMessage("cannot read settings of " + file + ": no such file");
    }

    private static void assertRefused(Map<String, String> values, String message) {
        assertThatThrownBy(() -> SETTINGS.bind(values))
                .isInstanceOf(StoreException.class)
                .hasMessage(message);
    }
}
