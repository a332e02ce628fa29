package io.forebay.bench.micro;

import io.forebay.common.model.ObjectKey;
import io.forebay.protocol.api.NativePath;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Request;
import org.openjdk.jmh.annotations.Benchmark;

/// From the target of a request to the object that it names, and back.
public class RequestBenchmark extends MicroBenchmark {
    private final Request request =
            new Request(Method.GET, "/v1/objects/imagenet/train/n01440764_10026.JPEG?provider=ais", new Headers());
    private final ObjectKey key = NativePath.parse(request.rawPath()).key(request.query());

    @Benchmark
    @Allocates(atMost = 640)
    public ObjectKey parseKey() {
        return NativePath.parse(request.rawPath()).key(request.query());
    }

    @Benchmark
    @Allocates(atMost = 640)
    public String target() {
        return NativePath.target(key);
    }
}
