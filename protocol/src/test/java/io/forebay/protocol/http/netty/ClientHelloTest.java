package io.forebay.protocol.http.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Hellos as the JDK says them.
final class ClientHelloTest {
    private static final int RECORD_AND_MESSAGE_HEADS = 9;

    @Test
    void readsWhatAClientAsksFor() throws Exception {
        assertThat(ClientHello.read(hello("host.example", "h2", "http/1.1")))
                .isEqualTo(new ClientHello("host.example", List.of("h2", "http/1.1")));
        assertThat(ClientHello.read(hello(null))).isEqualTo(new ClientHello(null, List.of()));
    }

    @Test
    void whatCannotBeReadAsksForNothing() throws Exception {
        ByteBuf whole = hello("host.example", "http/1.1");
        for (int length = 0; length < whole.readableBytes(); length++) {
            assertThat(ClientHello.read(whole.slice(whole.readerIndex(), length)))
                    .isEqualTo(new ClientHello(null, List.of()));
        }
        Random random = new Random(5);
        for (int round = 0; round < 20_000; round++) {
            ByteBuf changed = whole.copy();
            for (int change = 0; change < 3; change++) {
                changed.setByte(random.nextInt(changed.readableBytes()), random.nextInt(256));
            }
            assertThat(ClientHello.read(changed).protocols()).isNotNull();
        }
    }

    private static ByteBuf hello(@Nullable String host, String... protocols)
            throws GeneralSecurityException, SSLException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, null, null);
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        if (host != null) {
            parameters.setServerNames(List.of(new SNIHostName(host)));
        }
        parameters.setApplicationProtocols(protocols);
        engine.setSSLParameters(parameters);
        ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), out);
        out.flip().position(RECORD_AND_MESSAGE_HEADS);
        return Unpooled.wrappedBuffer(out);
    }
}
