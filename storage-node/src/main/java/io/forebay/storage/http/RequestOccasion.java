package io.forebay.storage.http;

import io.forebay.cluster.rule.NotificationRules;
import io.forebay.cluster.state.Bucket;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.api.Occasion;
import io.forebay.protocol.api.Occasion.Cause;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.object.Occasions;
import java.util.function.Supplier;

/// On what occasion a request changes an object, where changes of its bucket are told: as the gateway says that
/// sent it, else what the request itself tells.
final class RequestOccasion {
    private RequestOccasion() {}

    /// The same answer, with whatever it changes being changed on that occasion.
    static Supplier<Reply> around(Operation operation, ObjectRequest request, Supplier<Reply> answer) {
        Method method = request.exchange().request().method();
        boolean told = method != Method.GET && method != Method.HEAD && isTold(request.bucket());
        boolean copies = operation == Operation.COPY || operation == Operation.RENAME;
        Cause cause = copies ? Cause.COPY : Cause.REQUEST;
        return told ? () -> Occasions.during(of(request.exchange(), cause), answer::get) : answer;
    }

    /// The answer to a request that removes objects of a bucket, with that being done on its occasion.
    static Reply during(Exchange exchange, Bucket bucket, Supplier<Reply> answer) {
        return isTold(bucket) ? Occasions.during(of(exchange, Cause.REQUEST), answer::get) : answer.get();
    }

    private static boolean isTold(Bucket bucket) {
        return bucket.properties().containsKey(NotificationRules.PROPERTY);
    }

    private static Occasion of(Exchange exchange, Cause cause) {
        String said = exchange.request().headers().find(NodeHeaders.OCCASION);
        return said != null
                ? Occasion.parse(said)
                : new Occasion(cause, "", Occasion.address(exchange.remote()), exchange.id(), "", "");
    }
}
