package io.forebay.app;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.lifecycle.Service;
import java.net.InetSocketAddress;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/// Starts a server at the address that was asked for; of a free choice, at the port of last time when that is still
/// free. The data folder remembers it.
///
/// @param name under which the port is remembered
/// @param asked with port 0 for any free one
record RememberedPort(Identities identities, String name, ListenAddress asked) {

    /// The started server. Throws IN_USE when the port that was asked for is taken.
    ///
    /// @param made makes a server for an address
    /// @param port where a started server listens
    <S extends Service> S start(Function<InetSocketAddress, S> made, ToIntFunction<S> port) {
        int last = asked.port() == 0 ? identities.port(name) : 0;
        S server = started(made, last == 0 ? asked : asked.at(last));
        identities.rememberPort(name, port.applyAsInt(server));
        return server;
    }

    private <S extends Service> S started(Function<InetSocketAddress, S> made, ListenAddress wanted) {
        S server = made.apply(wanted.resolve());
        try {
            server.start();
            return server;
        } catch (StoreException e) {
            if (e.code() != ErrorCode.IN_USE || asked.port() != 0 || wanted.port() == 0) {
                throw e;
            }
            return started(made, asked);
        }
    }
}
