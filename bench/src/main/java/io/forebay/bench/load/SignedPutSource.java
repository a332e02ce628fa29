package io.forebay.bench.load;

import io.forebay.common.io.Checksummers;
import io.forebay.common.model.ChecksumType;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Request;
import io.forebay.protocol.sigv4.SigV4Signer;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/// Signed PUTs of one body under a few names, which carry its SHA-256 and its CRC-32: the server has to verify both.
public final class SignedPutSource implements RequestSource {
    private static final Operation PUT = Operation.of("put");

    private final byte[][] heads;
    private final ByteBuffer body;
    private int next;

    public SignedPutSource(SigV4Signer signer, InetSocketAddress address, String prefix, int names, BodyBytes bytes) {
        body = bytes.numbered(0);
        String sha256 = Checksummers.of(ChecksumType.SHA256, body.duplicate()).hex();
        String crc32 = Checksummers.of(ChecksumType.CRC32, body.duplicate()).base64();
        heads = new byte[names][];
        for (int index = 0; index < names; index++) {
            Headers headers = new Headers()
                    .add("Host", PreparedSource.host(address))
                    .add("Content-Length", bytes.length())
                    .add("x-amz-checksum-crc32", crc32);
            Request request = new Request(Method.PUT, prefix + ObjectNames.of(index), headers);
            signer.sign(request, sha256);
            heads[index] = PreparedSource.head(request);
        }
    }

    @Override
    public Operation next(ByteBuffer target) {
        target.put(heads[next]).put(body.duplicate());
        next = (next + 1) % heads.length;
        return PUT;
    }
}
