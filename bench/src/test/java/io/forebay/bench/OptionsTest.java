package io.forebay.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.bench.scenario.GetConfig;
import io.forebay.common.error.StoreException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OptionsTest {

    @Test
    void lastWordOfAKeyIsEnough() {
        GetConfig config = Options.bind(GetConfig.class, List.of("--pairs", "2", "--time", "1s", "--hot", "7"));
        assertThat(config.run().pairs()).isEqualTo(2);
        assertThat(config.run().time()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.hot()).isEqualTo(7);
    }

    @Test
    void unknownOptionsAreRefusedByName() {
        assertThatThrownBy(() -> Options.bind(GetConfig.class, List.of("--pears", "2")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("pears");
    }

    @Test
    void helpNamesEveryOption() {
        assertThatThrownBy(() -> Options.bind(GetConfig.class, List.of("--help")))
                .hasMessageContaining("--connections")
                .hasMessageContaining("--warm-up");
    }
}
