package dev.store.bench;

import dev.store.bench.figures.Json;
import dev.store.bench.figures.Measurement;
import dev.store.bench.figures.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How measurements are written. */
enum Output {
    TABLE {
        @Override
        String write(List<Measurement> measurements, Map<String, Object> facts) {
            return Table.of(measurements);
        }
    },
    JSON {
        @Override
        String write(List<Measurement> measurements, Map<String, Object> facts) {
            Map<String, Object> all = new LinkedHashMap<>(facts);
            all.put(
                    "measurements",
                    measurements.stream().map(Measurement::asMap).toList());
            return Json.of(all);
        }
    };

    abstract String write(List<Measurement> measurements, Map<String, Object> facts);

    static Output of(String name) {
        return switch (name) {
            case "table" -> TABLE;
            case "json" -> JSON;
            default -> throw new IllegalArgumentException("output: \"" + name + "\" (expected: table or json)");
        };
    }
}
