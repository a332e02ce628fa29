package io.forebay.bench.s3;

import io.forebay.bench.scenario.Ports;
import io.forebay.common.io.Checksummers;
import io.forebay.common.model.ChecksumType;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Request;
import io.forebay.protocol.sigv4.SigV4Signer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Single signed requests, beside the load.
final class SignedCalls {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final SigV4Signer signer;
    private final InetSocketAddress address;

    SignedCalls(SigV4Signer signer, InetSocketAddress address) {
        this.signer = signer;
        this.address = address;
    }

    /// The body of the answer. Fails unless that is 2xx.
    String send(Method method, String target, String body) {
        HttpResponse<String> response = exchange(method, target, body, null);
        if (response.statusCode() / 100 != 2) {
            throw new IllegalStateException(
                    method + " " + target + ": " + response.statusCode() + " " + response.body());
        }
        return response.body();
    }

    /// The status of the answer, whatever it is.
    ///
    /// @param hash what is signed as the SHA-256 of the body in hex; null for the right one
    int status(Method method, String target, String body, @Nullable String hash) {
        return exchange(method, target, body, hash).statusCode();
    }

    private HttpResponse<String> exchange(Method method, String target, String body, @Nullable String hash) {
        ByteBuffer bytes = ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8));
        Headers headers = new Headers()
                .add("Host", Ports.text(address))
                .add(
                        "Content-MD5",
                        Checksummers.of(ChecksumType.MD5, bytes.duplicate()).base64());
        signer.sign(
                new Request(method, target, headers),
                hash == null ? Checksummers.of(ChecksumType.SHA256, bytes).hex() : hash);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://" + Ports.text(address) + target))
                .method(method.name(), body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        for (int index = 0; index < headers.count(); index++) {
            if (!headers.name(index).equals("Host")) {
                request.header(headers.name(index), headers.value(index));
            }
        }
        try {
            return CLIENT.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + target + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
