package io.forebay.system.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Takes the connections of one node to a port of another, and passes bytes on as the links between the two
/// allow.
final class LinkProxy implements AutoCloseable {
    private static final int BUFFER = 64 << 10;
    private static final int BACKLOG = 256;

    private final InetSocketAddress target;
    private final Link there;
    private final Link back;
    private final ServerSocket listener;
    private final Thread accepting;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /// @param at where the connections come in
    /// @param target where they go to
    /// @param there the way that requests take
    /// @param back the way that answers take
    LinkProxy(InetSocketAddress at, InetSocketAddress target, Link there, Link back) {
        this.target = target;
        this.there = there;
        this.back = back;
        try {
            this.listener = new ServerSocket();
            listener.setReuseAddress(true);
            listener.bind(at, BACKLOG);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on " + at, e);
        }
        this.accepting = Thread.ofVirtual().start(this::accept);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> connect(client));
            } catch (SocketException e) {
                if (!listener.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /// A connection reaches the target only over links that are whole both ways, as its handshake would.
    private void connect(Socket client) {
        try {
            there.pass(0);
            back.pass(0);
            Socket server = new Socket();
            open.add(server);
            server.connect(target);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            Thread.ofVirtual().start(() -> pump(client, server, there));
            pump(server, client, back);
        } catch (IOException e) {
            reset(client);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pump(Socket from, Socket to, Link link) {
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                link.pass(count);
                out.write(buffer, 0, count);
            }
            link.pass(0);
            to.shutdownOutput();
            if (from.isOutputShutdown()) {
                end(from);
                end(to);
            }
        } catch (IOException e) {
            // One end broke the connection: so does the other.
            reset(from);
            reset(to);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void end(Socket socket) {
        open.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Ends it so that the peer sees a broken connection, not the end of a stream.
    private void reset(Socket socket) {
        try {
            if (!socket.isClosed()) {
                socket.setSoLinger(true, 0);
            }
        } catch (SocketException e) {
            // It was closed meanwhile.
            open.remove(socket);
        }
        end(socket);
    }

    /// Returns when the address is free again: it is so only when nobody waits for connections there any more.
    @Override
    public void close() {
        try {
            listener.close();
            accepting.join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        open.forEach(this::reset);
    }
}
