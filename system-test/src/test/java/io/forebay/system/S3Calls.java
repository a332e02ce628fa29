package io.forebay.system;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/// The calls of one kind of AWS client as plain ones, so that one list of scenarios runs with every kind.
sealed interface S3Calls extends AutoCloseable {
    PutObjectResponse put(PutObjectRequest request, byte[] content);

    UploadPartResponse part(UploadPartRequest request, byte[] content);

    ResponseBytes<GetObjectResponse> get(GetObjectRequest request);

    /// A call without a body, in the form of either kind of client.
    <R> R call(Function<S3Client, R> sync, Function<S3AsyncClient, CompletableFuture<R>> async);

    /// The same calls for reading objects without bytes. The SDK's asynchronous client, when it reads in parts,
    /// does not end some of these reads though their reply is complete: version 2.57.8 does so against a bare HTTP
    /// server, too.
    default S3Calls forEmptyObjects() {
        return this;
    }

    @Override
    void close();

    record Sync(S3Client client) implements S3Calls {
        @Override
        public PutObjectResponse put(PutObjectRequest request, byte[] content) {
            return client.putObject(request, RequestBody.fromBytes(content));
        }

        @Override
        public UploadPartResponse part(UploadPartRequest request, byte[] content) {
            return client.uploadPart(request, RequestBody.fromBytes(content));
        }

        @Override
        public ResponseBytes<GetObjectResponse> get(GetObjectRequest request) {
            return client.getObject(request, ResponseTransformer.toBytes());
        }

        @Override
        public <R> R call(Function<S3Client, R> sync, Function<S3AsyncClient, CompletableFuture<R>> async) {
            return sync.apply(client);
        }

        @Override
        public void close() {
            client.close();
        }
    }

    /// An asynchronous client.
    ///
    /// @param wholeReads the same client without parts, where `client` reads objects in parts
    record Async(S3AsyncClient client, @Nullable S3AsyncClient wholeReads) implements S3Calls {
        private static final long PATIENCE_SECONDS = 30;

        @Override
        public PutObjectResponse put(PutObjectRequest request, byte[] content) {
            return join(client.putObject(request, AsyncRequestBody.fromBytes(content)));
        }

        @Override
        public UploadPartResponse part(UploadPartRequest request, byte[] content) {
            return join(client.uploadPart(request, AsyncRequestBody.fromBytes(content)));
        }

        @Override
        public ResponseBytes<GetObjectResponse> get(GetObjectRequest request) {
            return join(client.getObject(request, AsyncResponseTransformer.toBytes()));
        }

        @Override
        public <R> R call(Function<S3Client, R> sync, Function<S3AsyncClient, CompletableFuture<R>> async) {
            return join(async.apply(client));
        }

        @Override
        public S3Calls forEmptyObjects() {
            return wholeReads == null ? this : new Async(wholeReads, null);
        }

        @Override
        public void close() {
            client.close();
            if (wholeReads != null) {
                wholeReads.close();
            }
        }

        /// The result, or the failure as a synchronous client would throw it.
        private static <R> R join(CompletableFuture<R> future) {
            try {
                return future.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                throw e;
            }
        }
    }
}
