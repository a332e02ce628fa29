package io.forebay.gateway.api.s3;

import io.forebay.common.metrics.Metrics;
import io.forebay.gateway.InMemoryCluster;
import io.forebay.gateway.TestUsers;
import io.forebay.gateway.api.s3.S3Client.Answer;
import io.forebay.gateway.auth.Account;
import io.forebay.gateway.auth.acl.ObjectOwnership;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Request;
import io.forebay.protocol.sigv4.Credentials;
import io.forebay.protocol.sigv4.SigV4Signer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// An S3 face that several users call: root, ann and bob, and nobody known.
final class S3Users {
    private static final Credentials ROOT = new Credentials("ROOTKEY", "rootsecret");
    private static final InstantSource CLOCK = InstantSource.fixed(InMemoryCluster.NOW);

    final S3Client s3;
    final User root;
    final User ann;
    final User bob;
    final User nobody;

    S3Users(ObjectOwnership ownership) {
        InMemoryCluster cluster = new InMemoryCluster(2);
        Credentials annKeys = TestUsers.add(cluster.commands(), "ann", false);
        Credentials bobKeys = TestUsers.add(cluster.commands(), "bob", false);
        s3 = new S3Client(cluster, TestUsers.of(ROOT, cluster.state(), CLOCK, new Metrics()), "us-east-1", ownership);
        root = new User(ROOT);
        ann = new User(annKeys);
        bob = new User(bobKeys);
        nobody = new User(null);
    }

    /// What requests call a user by.
    static String idOf(String name) {
        return Account.of("id-" + name, name).canonicalId();
    }

    /// One who calls.
    final class User {
        private final @Nullable Credentials keys;

        private User(@Nullable Credentials keys) {
            this.keys = keys;
        }

        Answer get(String target, String... headers) {
            return call(Method.GET, target, "", headers);
        }

        Answer head(String target, String... headers) {
            return call(Method.HEAD, target, "", headers);
        }

        Answer delete(String target, String... headers) {
            return call(Method.DELETE, target, "", headers);
        }

        Answer put(String target, String body, String... headers) {
            return call(Method.PUT, target, body, headers);
        }

        Answer post(String target, String body, String... headers) {
            return call(Method.POST, target, body, headers);
        }

        private Answer call(Method method, String target, String body, String... lines) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            Headers headers = new Headers().add("Host", "localhost:8080");
            for (int index = 0; index < lines.length; index += 2) {
                headers.add(lines[index], lines[index + 1]);
            }
            boolean sends = method == Method.PUT || method == Method.POST;
            if (sends) {
                headers.add("Content-Length", bytes.length);
            }
            Request request = new Request(method, target, headers);
            if (keys != null) {
                new SigV4Signer(keys, "us-east-1", CLOCK).sign(request, "UNSIGNED-PAYLOAD");
            }
            return s3.call(request, sends ? MemoryBody.of(bytes) : Body.empty());
        }
    }
}
