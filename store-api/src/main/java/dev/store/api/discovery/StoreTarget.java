package dev.store.api.discovery;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What {@code store://NAMESPACE/service?port=…&zone=…&region=…&version=…} means.
 *
 * @param namespace empty for that of the client
 * @param port name of a port; empty for the first
 */
record StoreTarget(String namespace, String service, String port, ServiceQuery query) {
    static StoreTarget parse(URI target) {
        String path = target.getPath() == null ? "" : target.getPath();
        String service = path.startsWith("/") ? path.substring(1) : path;
        if (service.isEmpty() || service.indexOf('/') >= 0) {
            throw new IllegalArgumentException("target: " + target + " (expected: store:///SERVICE)");
        }
        String zone = "";
        String region = "";
        String port = "";
        ServiceQuery query = ServiceQuery.of(service);
        for (String part : parameters(target.getRawQuery())) {
            int equals = part.indexOf('=');
            String name = equals < 0 ? part : part.substring(0, equals);
            String value = equals < 0 ? "" : URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8);
            switch (name) {
                case "port" -> port = value;
                case "zone" -> zone = value;
                case "region" -> region = value;
                case "version" -> query = query.version(value);
                default ->
                    throw new IllegalArgumentException("target: parameter \"" + name
                            + "\" (expected: port, zone, region or version) in " + target);
            }
        }
        String authority = target.getAuthority() == null ? "" : target.getAuthority();
        return new StoreTarget(authority, service, port, query.preferZone(zone, region));
    }

    private static String[] parameters(@Nullable String query) {
        return query == null || query.isEmpty() ? new String[0] : query.split("&", -1);
    }
}
