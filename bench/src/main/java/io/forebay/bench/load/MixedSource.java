package io.forebay.bench.load;

import java.nio.ByteBuffer;
import java.util.Random;

/// What a training cluster does all day, in small: mostly reads, some writes and removals, few listings, through both
/// faces, over a bounded set of names.
public final class MixedSource implements RequestSource {
    private static final Operation GET = new Operation("get", false, true);
    private static final Operation HEAD = new Operation("head", true, true);
    private static final Operation PUT = Operation.of("put");
    private static final Operation PUT_LARGE = Operation.of("put-large");
    private static final Operation DELETE = new Operation("delete", false, true);
    private static final Operation LIST = Operation.of("list");
    private static final String LIST_MESSAGE =
            "{\"action\":\"list\",\"value\":{\"props\":\"name\",\"pagesize\":100,\"flags\":\"3\"}}";
    private static final String JSON = "Content-Type: application/json\r\n";

    private final String bucket;
    private final int objects;
    private final BodyBytes small;
    private final BodyBytes large;
    private final Random random;
    private long number;

    public MixedSource(String bucket, int objects, BodyBytes small, BodyBytes large, long seed) {
        this.bucket = bucket;
        this.objects = objects;
        this.small = small;
        this.large = large;
        this.random = new Random(seed);
    }

    @Override
    public Operation next(ByteBuffer target) {
        int dice = random.nextInt(1000);
        String name = ObjectNames.of(random.nextInt(objects));
        String path = random.nextBoolean() ? "/v1/objects/" + bucket + "/" + name : "/" + bucket + "/" + name;
        if (dice < 650) {
            return bodiless("GET", path, GET, target);
        } else if (dice < 700) {
            return bodiless("HEAD", path, HEAD, target);
        } else if (dice < 940) {
            return put(path, small, PUT, target);
        } else if (dice < 942) {
            return put(path, large, PUT_LARGE, target);
        } else if (dice < 990) {
            return bodiless("DELETE", path, DELETE, target);
        }
        return list(name, target);
    }

    private static Operation bodiless(String method, String path, Operation operation, ByteBuffer target) {
        HttpText.put(HttpText.head(method, path, -1, ""), target);
        return operation;
    }

    private Operation put(String path, BodyBytes body, Operation operation, ByteBuffer target) {
        HttpText.put(HttpText.head("PUT", path, body.length(), ""), target);
        target.put(body.numbered(number++));
        return operation;
    }

    private Operation list(String after, ByteBuffer target) {
        if (random.nextBoolean()) {
            HttpText.put(HttpText.head("GET", "/v1/buckets/" + bucket, LIST_MESSAGE.length(), JSON), target);
            HttpText.put(LIST_MESSAGE, target);
        } else {
            String query = "?list-type=2&max-keys=100&start-after=" + after;
            HttpText.put(HttpText.head("GET", "/" + bucket + query, -1, ""), target);
        }
        return LIST;
    }
}
