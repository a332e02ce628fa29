package io.forebay.cluster.raft;

import org.apache.ratis.conf.Parameters;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;

/// Names our transport to Ratis, which makes this by name and asks it for the transport that it was given.
final class HttpRpcType implements RpcType {
    private static final String TRANSPORT = "forebay.transport";

    static Parameters parameters(HttpTransport transport) {
        Parameters parameters = new Parameters();
        parameters.put(TRANSPORT, transport, HttpTransport.class);
        return parameters;
    }

    @Override
    public String name() {
        return HttpRpcType.class.getName();
    }

    @Override
    public RpcFactory newFactory(Parameters parameters) {
        return parameters.getNonNull(TRANSPORT, HttpTransport.class);
    }
}
