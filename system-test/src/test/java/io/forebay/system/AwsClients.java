package io.forebay.system;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpConfigurationOption;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.crt.AwsCrtAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3AsyncClientBuilder;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.utils.AttributeMap;

/// Every kind of AWS client for Java, with default settings but the address; over HTTPS whichever certificate they are
/// shown is trusted.
record AwsClients(URI url, String accessKey, String secretKey) {
    private static final AttributeMap TRUST_ALL = AttributeMap.builder()
            .put(SdkHttpConfigurationOption.TRUST_ALL_CERTIFICATES, true)
            .build();

    enum Kind {
        SYNC_URL_CONNECTION,
        ASYNC_NETTY,
        ASYNC_CRT_HTTP,
        ASYNC_CRT
    }

    enum Style {
        PATH,
        VIRTUAL_HOST
    }

    /// The styles of address that work on this machine: names under `localhost` are not resolved everywhere.
    static List<Style> styles() {
        List<Style> styles = new ArrayList<>(List.of(Style.PATH));
        try {
            if (InetAddress.getAllByName("bucket.localhost")[0].isLoopbackAddress()) {
                styles.add(Style.VIRTUAL_HOST);
            }
        } catch (UnknownHostException e) {
            return styles;
        }
        return styles;
    }

    /// The same, over HTTPS.
    AwsClients encrypted() {
        return new AwsClients(URI.create(url.toString().replaceFirst("^http:", "https:")), accessKey, secretKey);
    }

    S3Calls open(Kind kind, Style style) {
        return switch (kind) {
            case SYNC_URL_CONNECTION ->
                new S3Calls.Sync(S3Client.builder()
                        .endpointOverride(endpoint(style))
                        .forcePathStyle(style == Style.PATH)
                        .region(Region.US_EAST_1)
                        .credentialsProvider(credentials())
                        .httpClientBuilder(new Trusting(UrlConnectionHttpClient.builder()))
                        .build());
            case ASYNC_NETTY, ASYNC_CRT_HTTP, ASYNC_CRT ->
                new S3Calls.Async(async(kind, style), kind == Kind.ASYNC_NETTY ? netty(style, false) : null);
        };
    }

    S3AsyncClient async(Kind kind, Style style) {
        if (kind == Kind.ASYNC_CRT) {
            return S3AsyncClient.crtBuilder()
                    .endpointOverride(endpoint(style))
                    .forcePathStyle(style == Style.PATH)
                    .region(Region.US_EAST_1)
                    .credentialsProvider(credentials())
                    .httpConfiguration(http -> http.trustAllCertificatesEnabled(true))
                    .build();
        }
        return kind == Kind.ASYNC_NETTY
                ? netty(style, true)
                : builder(style)
                        .httpClientBuilder(new TrustingAsync(AwsCrtAsyncHttpClient.builder()))
                        .build();
    }

    /// @param multipart whether large objects are transferred in parts
    private S3AsyncClient netty(Style style, boolean multipart) {
        return builder(style)
                .multipartEnabled(multipart)
                .httpClientBuilder(new TrustingAsync(NettyNioAsyncHttpClient.builder()))
                .build();
    }

    private S3AsyncClientBuilder builder(Style style) {
        return S3AsyncClient.builder()
                .endpointOverride(endpoint(style))
                .forcePathStyle(style == Style.PATH)
                .region(Region.US_EAST_1)
                .credentialsProvider(credentials());
    }

    S3Presigner presigner() {
        return S3Presigner.builder()
                .endpointOverride(url)
                .region(Region.US_EAST_1)
                .credentialsProvider(credentials())
                .serviceConfiguration(
                        S3Configuration.builder().pathStyleAccessEnabled(true).build())
                .build();
    }

    private URI endpoint(Style style) {
        return style == Style.PATH ? url : URI.create(url.getScheme() + "://localhost:" + url.getPort());
    }

    private StaticCredentialsProvider credentials() {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, secretKey));
    }

    private record Trusting(SdkHttpClient.Builder<?> builder) implements SdkHttpClient.Builder<Trusting> {
        @Override
        public SdkHttpClient buildWithDefaults(AttributeMap defaults) {
            return builder.buildWithDefaults(TRUST_ALL.merge(defaults));
        }
    }

    private record TrustingAsync(SdkAsyncHttpClient.Builder<?> builder)
            implements SdkAsyncHttpClient.Builder<TrustingAsync> {
        @Override
        public SdkAsyncHttpClient buildWithDefaults(AttributeMap defaults) {
            return builder.buildWithDefaults(TRUST_ALL.merge(defaults));
        }
    }
}
