package io.forebay.bench.load;

import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Request;
import io.forebay.protocol.sigv4.Credentials;
import io.forebay.protocol.sigv4.SigV4Signer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Signed GETs of a fixed set of objects in random order. They are signed beforehand, so that the loader's core
/// pays nothing for it; a signature is good for a quarter of an hour.
public final class SignedSource implements RequestSource {
    private static final Operation GET = Operation.of("get");

    private final List<byte[]> requests;
    private final Random random = new Random(11);

    public SignedSource(Credentials credentials, String region, String host, String prefix, int objects) {
        SigV4Signer signer = new SigV4Signer(credentials, region, InstantSource.system());
        requests = new ArrayList<>(objects);
        for (int index = 0; index < objects; index++) {
            Request request = new Request(Method.GET, prefix + ObjectNames.of(index), new Headers().add("Host", host));
            signer.sign(request, "UNSIGNED-PAYLOAD");
            requests.add(bytes(request));
        }
    }

    @Override
    public Operation next(ByteBuffer target) {
        target.put(requests.get(random.nextInt(requests.size())));
        return GET;
    }

    private static byte[] bytes(Request request) {
        StringBuilder head = new StringBuilder("GET ").append(request.target()).append(" HTTP/1.1\r\n");
        Headers headers = request.headers();
        for (int index = 0; index < headers.count(); index++) {
            head.append(headers.name(index))
                    .append(": ")
                    .append(headers.value(index))
                    .append("\r\n");
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
