package io.forebay.bench.load;

import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Request;
import io.forebay.protocol.sigv4.SigV4Signer;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Requests that were written beforehand, in random order or one after the other. Where they are signed, the loader's
/// core pays nothing for it; a signature is good for a quarter of an hour.
public final class PreparedSource implements RequestSource {
    private static final String UNSIGNED = "UNSIGNED-PAYLOAD";

    private final Operation operation;
    private final List<byte[]> requests;
    private final @Nullable Random random;
    private int next;

    private PreparedSource(Operation operation, List<byte[]> requests, @Nullable Random random) {
        this.operation = operation;
        this.requests = requests;
        this.random = random;
    }

    /// Requests without a body, in random order.
    ///
    /// @param signer null for unsigned ones
    public static PreparedSource inRandomOrder(
            @Nullable SigV4Signer signer, Method method, InetSocketAddress address, List<String> targets) {
        return new PreparedSource(operation(method), requests(signer, method, address, targets), new Random(11));
    }

    /// Requests without a body, one after the other, again and again.
    public static PreparedSource inOrder(
            SigV4Signer signer, Method method, InetSocketAddress address, List<String> targets) {
        return new PreparedSource(operation(method), requests(signer, method, address, targets), null);
    }

    @Override
    public Operation next(ByteBuffer target) {
        int index = random == null ? next : random.nextInt(requests.size());
        next = (index + 1) % requests.size();
        target.put(requests.get(index));
        return operation;
    }

    private static Operation operation(Method method) {
        return new Operation(method.name(), method == Method.HEAD, false);
    }

    private static List<byte[]> requests(
            @Nullable SigV4Signer signer, Method method, InetSocketAddress address, List<String> targets) {
        List<byte[]> requests = new ArrayList<>(targets.size());
        for (String target : targets) {
            Request request = new Request(method, target, new Headers().add("Host", host(address)));
            if (signer != null) {
                signer.sign(request, UNSIGNED);
            }
            requests.add(head(request));
        }
        return requests;
    }

    static String host(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    /// The bytes of a request's head.
    static byte[] head(Request request) {
        StringBuilder head = new StringBuilder()
                .append(request.method())
                .append(' ')
                .append(request.target())
                .append(" HTTP/1.1\r\n");
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
