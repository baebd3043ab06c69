package dev.store.server.etcd;

import dev.store.raft.keyspace.Requests;
import dev.store.raft.v1.AddLearnerChange;
import dev.store.server.config.Endpoint;
import io.grpc.StatusRuntimeException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Addresses of members as URLs. A member of Store has a name and two addresses, which all others must know from the start;
 * etcd's call to add one has room for URLs only. So the name and the address for clients ride in the URL:
 * {@code http://name@host:raft-port?client=host:client-port}.
 */
final class MemberUrls {
    private static final String EXPECTED = "(expected: one URL http://NAME@HOST:RAFT-PORT?client=HOST:CLIENT-PORT)";

    private MemberUrls() {}

    static String of(String endpoint) {
        return "http://" + endpoint;
    }

    /** The member that is to be added. */
    static AddLearnerChange parse(List<String> urls) {
        if (urls.size() != 1) {
            throw invalid(String.join(",", urls));
        }
        String text = urls.get(0);
        try {
            URI url = new URI(text);
            String name = url.getUserInfo();
            String query = url.getQuery();
            if (!"http".equals(url.getScheme()) || name == null || query == null || !query.startsWith("client=")) {
                throw invalid(text);
            }
            return AddLearnerChange.newBuilder()
                    .setName(Requests.name("name", name))
                    .setRaftEndpoint(endpoint(text, url.getHost() + ":" + url.getPort()))
                    .setClientEndpoint(endpoint(text, query.substring("client=".length())))
                    .build();
        } catch (URISyntaxException e) {
            throw invalid(text);
        }
    }

    private static String endpoint(String url, @Nullable String text) {
        try {
            Endpoint endpoint = Endpoint.parse(String.valueOf(text));
            if (endpoint.port() == 0 || endpoint.isWildcard()) {
                throw invalid(url);
            }
            return endpoint.toString();
        } catch (IllegalArgumentException e) {
            throw invalid(url);
        }
    }

    private static StatusRuntimeException invalid(String text) {
        String shown = text.length() > 200 ? text.substring(0, 200) + "…" : text;
        return EtcdErrors.invalid("given member URLs are invalid: \"" + shown + "\" " + EXPECTED);
    }
}
