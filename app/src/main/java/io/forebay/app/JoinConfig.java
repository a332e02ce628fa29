package io.forebay.app;

import io.forebay.common.config.Default;
import io.forebay.common.config.Secret;
import io.forebay.common.config.Setting;
import io.forebay.common.error.Check;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Settings of joining a cluster.
public record JoinConfig(
        @Setting("Control ports of gateways of the cluster to join (`--join`, repeatable), such as"
                + " `http://10.0.0.1:8081`. A data folder remembers the gateways of its cluster, so that a later start"
                + " needs none.")
        List<String> gateways,

        @Setting("The cluster's token (`--token`), as `forebay cluster token` prints it; a data folder keeps it.")
        @Nullable
        Secret token,

        @Setting("A file that holds the token (`--token-file`); without both, the environment's FOREBAY_TOKEN.")
        @Nullable
        Path tokenFile,

        @Setting("How long a start tries to reach a gateway of its cluster before it gives up.") @Default("60s")
        Duration patience) {
    public JoinConfig {
        gateways = gateways.stream()
                .map(url -> url.endsWith("/") ? url.substring(0, url.length() - 1) : url)
                .map(url -> url.contains("://") ? url : "http://" + url)
                .toList();
        for (String url : gateways) {
            Check.argument(
                    url.matches("https?://[^/?#@\\s]+:\\d{1,5}"),
                    "gateways (--join) \"%s\" is not the address of a control port, such as http://10.0.0.1:8081",
                    url);
        }
        Check.argument(
                token == null || tokenFile == null, "token and token-file are both given: one of them is enough");
        Check.argument(patience.isPositive(), "patience must be above 0");
    }
}
