package io.forebay.protocol.http.netty;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a TLS client asks for when it says hello (RFC 8446, 4.1.2), as far as it decides who answers.
///
/// @param host the server's name (SNI), or null when it does not say
/// @param protocols that it would speak inside (ALPN), in its order
record ClientHello(@Nullable String host, List<String> protocols) {
    private static final int VERSION_AND_RANDOM = 34;
    private static final int SERVER_NAME = 0;
    private static final int HOST_NAME = 0;
    private static final int APPLICATION_PROTOCOLS = 16;

    ClientHello {
        protocols = List.copyOf(protocols);
    }

    /// Reads the message from its version on. One that cannot be read asks for nothing, which the handshake goes on to
    /// find out.
    static ClientHello read(ByteBuf message) {
        ByteBuf in = message.duplicate();
        String host = null;
        List<String> protocols = List.of();
        try {
            in.skipBytes(VERSION_AND_RANDOM);
            in.skipBytes(in.readUnsignedByte());
            in.skipBytes(in.readUnsignedShort());
            in.skipBytes(in.readUnsignedByte());
            ByteBuf extensions = in.readSlice(in.readUnsignedShort());
            while (extensions.isReadable()) {
                int type = extensions.readUnsignedShort();
                ByteBuf extension = extensions.readSlice(extensions.readUnsignedShort());
                if (type == SERVER_NAME) {
                    host = host(extension);
                } else if (type == APPLICATION_PROTOCOLS) {
                    protocols = protocols(extension);
                }
            }
        } catch (IndexOutOfBoundsException e) {
            return new ClientHello(null, List.of());
        }
        return new ClientHello(host, protocols);
    }

    private static @Nullable String host(ByteBuf extension) {
        ByteBuf names = extension.readSlice(extension.readUnsignedShort());
        while (names.isReadable()) {
            int type = names.readUnsignedByte();
            ByteBuf name = names.readSlice(names.readUnsignedShort());
            if (type == HOST_NAME) {
                return name.toString(StandardCharsets.US_ASCII);
            }
        }
        return null;
    }

    private static List<String> protocols(ByteBuf extension) {
        List<String> protocols = new ArrayList<>();
        ByteBuf names = extension.readSlice(extension.readUnsignedShort());
        while (names.isReadable()) {
            protocols.add(names.readSlice(names.readUnsignedByte()).toString(StandardCharsets.US_ASCII));
        }
        return protocols;
    }
}
