package io.forebay.bench.scenario;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Debian's nginx with one worker that sends files as fast as it can: no access log, open files kept open.
public final class NginxServer {
    private static final List<Path> PLACES = List.of(Path.of("/usr/sbin/nginx"), Path.of("/usr/bin/nginx"));

    private NginxServer() {}

    /// Serves the files of a folder.
    public static LaunchedPeer start(Home home, Path files) {
        Path program = PLACES.stream()
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "nginx is not installed: apt-get install nginx-light (Debian, Ubuntu)"));
        InetSocketAddress address = Ports.free();
        Path folder = home.folder("nginx");
        Path config = folder.resolve("nginx.conf");
        try {
            Files.writeString(config, config(home.user(), folder, files, address));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> command =
                List.of(program.toString(), "-p", folder.toString(), "-c", config.toString(), "-e", "stderr");
        Launched process = Launched.start(home, "nginx", command, Map.of());
        process.await(() -> Ports.accepts(address));
        return new LaunchedPeer(process, address);
    }

    private static String config(String user, Path folder, Path files, InetSocketAddress address) {
        return (user.equals("root") ? "user root;\n" : "")
                + """
                daemon off;
                worker_processes 1;
                worker_rlimit_nofile 32768;
                pid FOLDER/nginx.pid;
                error_log stderr warn;
                events { worker_connections 1024; }
                http {
                    access_log off;
                    sendfile on;
                    tcp_nopush on;
                    keepalive_requests 1000000000;
                    keepalive_timeout 600s;
                    open_file_cache max=30000 inactive=600s;
                    open_file_cache_valid 600s;
                    open_file_cache_min_uses 1;
                    client_body_temp_path FOLDER/body;
                    proxy_temp_path FOLDER/proxy;
                    fastcgi_temp_path FOLDER/fastcgi;
                    uwsgi_temp_path FOLDER/uwsgi;
                    scgi_temp_path FOLDER/scgi;
                    server {
                        listen ADDRESS;
                        root FILES;
                    }
                }
                """.replace("FOLDER", folder.toString())
                        .replace("FILES", files.toString())
                        .replace("ADDRESS", Ports.text(address));
    }
}
