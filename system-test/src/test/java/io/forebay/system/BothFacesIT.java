package io.forebay.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.system.server.Cluster;
import io.forebay.system.server.RawHttp;
import io.forebay.system.server.RawHttp.Answer;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// One store behind both faces: what one writes the other reads at once, before and after a restart.
final class BothFacesIT {
    @TempDir
    private Path data;

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void objectsAreTheSameBehindBothFaces(int nodes) {
        try (Cluster cluster = Cluster.start(data.resolve("data-" + nodes), nodes)) {
            try (RawHttp http = new RawHttp(cluster.url())) {
                assertThat(http.send("POST", "/v1/buckets/by-ais", "{\"action\":\"create-bck\"}")
                                .status())
                        .isEqualTo(200);
                assertThat(http.send("PUT", "/by-s3").status()).isEqualTo(200);
                for (int index = 0; index < 30; index++) {
                    byte[] content = Content.of(index * index * 500, index);
                    assertThat(ais(cluster, "PUT", "by-ais/a " + index, content).status())
                            .isEqualTo(200);
                    assertThat(s3(http, "GET", "by-ais/a " + index, new byte[0]).body())
                            .isEqualTo(content);
                    assertThat(s3(http, "PUT", "by-s3/s " + index, content).status())
                            .isEqualTo(200);
                    assertThat(ais(cluster, "GET", "by-s3/s " + index, new byte[0])
                                    .body())
                            .isEqualTo(content);
                }
                assertThat(ais(cluster, "DELETE", "by-s3/s 1", new byte[0]).status())
                        .isEqualTo(200);
                assertThat(s3(http, "GET", "by-s3/s 1", new byte[0]).status()).isEqualTo(404);
                assertThat(http.send("GET", "/by-ais?list-type=2").text()).contains("<KeyCount>30</KeyCount>");
            }
            cluster.restart();
            try (RawHttp http = new RawHttp(cluster.url())) {
                for (int index = 2; index < 30; index++) {
                    byte[] content = Content.of(index * index * 500, index);
                    assertThat(s3(http, "GET", "by-ais/a " + index, new byte[0]).body())
                            .isEqualTo(content);
                    assertThat(ais(cluster, "GET", "by-s3/s " + index, new byte[0])
                                    .body())
                            .isEqualTo(content);
                }
                assertThat(http.send("GET", "/by-s3?list-type=2").text()).contains("<KeyCount>29</KeyCount>");
            }
        }
    }

    @Test
    void objectsAreSpreadOverAllNodesAndClientsRedirected() {
        try (Cluster cluster = Cluster.start(data, 3);
                RawHttp http = new RawHttp(cluster.url())) {
            assertThat(http.send("PUT", "/bucket").status()).isEqualTo(200);
            Set<String> owners = new HashSet<>();
            for (int index = 0; index < 60; index++) {
                byte[] content = Content.of(10, index);
                assertThat(ais(cluster, "PUT", "bucket/" + index, content).status())
                        .isEqualTo(200);
                Answer answer = http.send("GET", "/v1/objects/bucket/" + index);
                boolean here = answer.status() == 200;
                assertThat(answer.status()).isIn(200, 301);
                owners.add(here ? "here" : URI.create(answer.header("location")).getAuthority());
                assertThat(s3(http, "GET", "bucket/" + index, new byte[0]).body())
                        .isEqualTo(content);
            }
            assertThat(owners).hasSize(3).contains("here");
        }
    }

    @Test
    void clusterIdAndNodesStayAfterRestart() {
        try (Cluster cluster = Cluster.start(data, 2)) {
            String before = smap(cluster);
            cluster.restart();
            assertThat(ids(smap(cluster))).isEqualTo(ids(before));
        }
    }

    private static Set<String> ids(String smap) {
        Set<String> ids = new HashSet<>();
        for (String word : smap.split("\"", -1)) {
            if (word.matches("[A-Za-z]{8}")) {
                ids.add(word);
            }
        }
        return ids;
    }

    private static String smap(Cluster cluster) {
        try (RawHttp http = new RawHttp(cluster.url())) {
            return http.send("GET", "/v1/daemon?what=smap").text();
        }
    }

    private static Answer s3(RawHttp http, String method, String path, byte[] body) {
        return http.send(method, "/" + path.replace(" ", "%20"), "", body);
    }

    /// Sends an AIStore request and follows its redirect.
    private static Answer ais(Cluster cluster, String method, String path, byte[] body) {
        try (RawHttp http = new RawHttp(cluster.url())) {
            Answer answer = http.send(method, "/v1/objects/" + path.replace(" ", "%20"), "", body);
            if (answer.status() != 301 && answer.status() != 307) {
                return answer;
            }
            URI location = URI.create(answer.header("location"));
            try (RawHttp owner = new RawHttp(URI.create("http://" + location.getAuthority()))) {
                return owner.send(method, location.getRawPath() + "?" + location.getRawQuery(), "", body);
            }
        }
    }
}
