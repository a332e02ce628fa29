package io.forebay.app;

import io.forebay.common.config.Settings;
import io.forebay.common.error.Check;
import io.forebay.common.lifecycle.Closing;
import io.forebay.common.lifecycle.Service;

/// A complete cluster in one process: one gateway, N storage nodes, and a group of one that orders their commands.
public final class Server implements Service {
    private final ForebayConfig config;
    private final RootKeys.Given givenKeys;
    private final ListenAddress listen;
    private final ListenAddress control;
    private final Closing parts = new Closing();

    /// Throws INVALID_ARGUMENT when the settings do not go together.
    public Server(ForebayConfig config, RootKeys.Given givenKeys) {
        this.config = config;
        this.givenKeys = givenKeys;
        this.listen = ListenAddress.parse("server.listen", config.server().listen());
        this.control = ListenAddress.parse("server.control", config.server().control());
        ServerConfig server = config.server();
        Check.argument(
                listen.isLoopback() || server.auth() == ServerConfig.Auth.ON || server.insecure(),
                "--listen %s is not loopback and --auth is off: set --auth on, or --insecure if everyone on the network"
                        + " may do everything",
                listen);
        Check.argument(
                control.isLoopback() || server.insecure(),
                "--control %s is not loopback, and the control port has no authentication: set --insecure if everyone"
                        + " on the network may read it",
                control);
    }

    @Override
    public void start() {
        DataFolder folder = parts.add(DataFolder.open(config.server().data()));
        parts.add(Logging.toFile(folder.file("forebay.log"), config.log()));
    }

    public String dataUrl() {
        return listen.url(1);
    }

    public String banner() {
        return Settings.of(ForebayConfig.class).text(config) + givenKeys;
    }

    @Override
    public void close() {
        parts.close();
    }
}
