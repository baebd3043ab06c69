package dev.store.jepsen.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything that was done and seen in a run, in order of real time.
 *
 * @param ops the lines, in order of their index
 */
public record History(List<Op> ops) {
    public History {
        ops = List.copyOf(ops);
    }

    /** The operations, in order of invocation. */
    public List<Call> calls() {
        Map<Long, Op> open = new HashMap<>();
        List<Call> calls = new ArrayList<>();
        Map<Long, Integer> places = new HashMap<>();
        for (Op op : ops) {
            if (op.type() == OpType.INVOKE) {
                if (open.put(op.process(), op) != null) {
                    throw new IllegalArgumentException(
                            "process " + op.process() + " begins two operations at once at index " + op.index());
                }
                places.put(op.process(), calls.size());
                calls.add(new Call(op, null));
            } else {
                Op begin = open.remove(op.process());
                Integer place = places.get(op.process());
                if (begin == null || place == null) {
                    throw new IllegalArgumentException(
                            "process " + op.process() + " ends an operation it did not begin at index " + op.index());
                }
                calls.set(place, new Call(begin, op));
            }
        }
        return calls;
    }

    /** The operations of some kinds, in order of invocation. */
    public List<Call> calls(String... fs) {
        List<String> wanted = List.of(fs);
        return calls().stream().filter(call -> wanted.contains(call.f())).toList();
    }

    /** How many operations ended in this way. */
    public long count(OpType outcome) {
        return calls().stream().filter(call -> call.outcome() == outcome).count();
    }

    /** Writes {@code history.edn}, one map a line, and {@code history.json}, one object a line, into a folder. */
    public void writeTo(Path folder) {
        try {
            Files.createDirectories(folder);
            Files.write(
                    folder.resolve("history.edn"),
                    ops.stream().map(op -> Edn.write(op.toMap())).toList());
            Files.write(
                    folder.resolve("history.json"),
                    ops.stream().map(op -> Json.write(op.toMap())).toList());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the history to " + folder, e);
        }
    }

    /** Reads a {@code history.edn}. */
    public static History read(Path edn) {
        try {
            List<Op> ops = new ArrayList<>();
            for (String line : Files.readAllLines(edn)) {
                if (!line.isBlank()) {
                    if (!(Edn.read(line) instanceof Map<?, ?> map)) {
                        throw new IllegalArgumentException(edn + ": " + line + " (expected: one map a line)");
                    }
                    ops.add(Op.ofMap(map));
                }
            }
            return new History(ops);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the history " + edn, e);
        }
    }
}
