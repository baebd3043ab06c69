package dev.store.jepsen.cluster;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Each node in a network namespace of its own with an address of its own, joined by a bridge on which the rig has an
 * address too. Packets are dropped where they enter or leave the bridge, by a classic BPF program for each pair and
 * direction, so that neither side is told: a route that refuses would answer at once.
 */
public final class Namespaces implements Network {
    private static final int CLIENT_PORT = 7400;
    private static final int RAFT_PORT = 7401;
    private static final String RIG = "254";
    private static final Pattern DROPPED = Pattern.compile("dropped (\\d+)");
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final String id;
    private final String bridge;
    private final String subnet;
    /** Address by node. */
    private final Map<String, String> hosts = new LinkedHashMap<>();

    private Namespaces(String id, String subnet) {
        this.id = id;
        this.bridge = "jb" + id;
        this.subnet = subnet;
    }

    /** Why namespaces cannot be had here; empty if they can. */
    public static String obstacle() {
        return Probe.OBSTACLE;
    }

    /** Tries it, once. */
    private static final class Probe {
        static final String OBSTACLE = tryIt();

        private static String tryIt() {
            if (!Shell.isRoot()) {
                return "network namespaces need root";
            }
            if (!Shell.has("ip") || !Shell.has("tc")) {
                return "network namespaces need ip and tc (package iproute2)";
            }
            String name = "sj" + ProcessHandle.current().pid() + "-probe";
            if (!Shell.succeeds("ip", "netns", "add", name)) {
                return "the kernel refuses network namespaces";
            }
            return Shell.succeeds("ip", "netns", "del", name) ? "" : "a network namespace could not be removed again";
        }
    }

    /** A bridge without nodes. */
    static Namespaces create() {
        String id = ProcessHandle.current().pid() + "x" + NUMBERS.incrementAndGet();
        String taken = Shell.run("ip", "-o", "-4", "addr", "show");
        String subnet;
        do {
            subnet = "10." + ThreadLocalRandom.current().nextInt(200, 250) + "."
                    + ThreadLocalRandom.current().nextInt(1, 250) + ".";
        } while (taken.contains(" " + subnet));
        Namespaces made = new Namespaces(id, subnet);
        try {
            Shell.run("ip", "link", "add", made.bridge, "type", "bridge", "forward_delay", "0");
            Shell.run("ip", "addr", "add", subnet + RIG + "/24", "dev", made.bridge);
            Shell.run("ip", "link", "set", made.bridge, "up");
            return made;
        } catch (RigException e) {
            made.close();
            throw e;
        }
    }

    @Override
    public synchronized Place place(String node) {
        String host = hosts.computeIfAbsent(node, name -> subnet + (hosts.size() + 1));
        String space = space(node);
        Shell.run("ip", "netns", "add", space);
        Shell.run("ip", "link", "add", port(node), "type", "veth", "peer", "name", "eth0", "netns", space);
        Shell.run("ip", "link", "set", port(node), "master", bridge);
        Shell.run("ip", "link", "set", port(node), "up");
        Shell.run("ip", "-n", space, "addr", "add", host + "/24", "dev", "eth0");
        Shell.run("ip", "-n", space, "link", "set", "lo", "up");
        Shell.run("ip", "-n", space, "link", "set", "eth0", "up");
        Shell.run("tc", "qdisc", "add", "dev", port(node), "clsact");
        return new Place(host, CLIENT_PORT, RAFT_PORT, List.of("ip", "netns", "exec", space));
    }

    @Override
    public String rigHost() {
        return subnet + RIG;
    }

    /** From now on nothing of one node reaches the other; the way back stays. */
    public void cut(Node from, Node to) {
        lose(from, to, 100);
    }

    /** From now on so many percent of the packets of one node to the other are lost, also on their way over proxies. */
    public void lose(Node from, Node to, int percent) {
        long rig = number(rigHost());
        filter(from, "ingress", DropProgram.to(number(host(to)), rig, to.linkPorts(), percent));
        if (!from.linkPorts().isEmpty()) {
            // Answers to what the other one sent to the proxies of this one.
            filter(to, "egress", DropProgram.from(rig, from.linkPorts(), percent));
        }
    }

    /** Nothing is dropped any more. */
    public void heal() {
        for (String node : List.copyOf(hosts.keySet())) {
            // Deleting where there is none is an error, and no harm.
            boolean unused = Shell.succeeds("tc", "filter", "del", "dev", port(node), "ingress");
            boolean unusedToo = Shell.succeeds("tc", "filter", "del", "dev", port(node), "egress");
        }
    }

    /** How many packets that a node sent, or was to get from proxies, were dropped so far. */
    public long dropped(Node node) {
        String shown = Shell.run("tc", "-s", "qdisc", "show", "dev", port(node.name()), "clsact");
        Matcher matcher = DROPPED.matcher(shown);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    @Override
    public void close() {
        List<String> nodes = new ArrayList<>(hosts.keySet());
        for (String node : nodes) {
            boolean unused = Shell.succeeds("ip", "netns", "del", space(node));
            // The end in the namespace takes this one along, but only once the kernel has cleaned up.
            boolean unusedToo = Shell.succeeds("ip", "link", "del", port(node));
        }
        hosts.clear();
        boolean unused = Shell.succeeds("ip", "link", "del", bridge);
    }

    private void filter(Node node, String direction, String program) {
        Shell.run("tc", "filter", "add", "dev", port(node.name()), direction, "bpf", "da", "bytecode", program);
    }

    private String space(String node) {
        return "sj" + id + "-" + node;
    }

    private String port(String node) {
        return "jv" + id + node;
    }

    private String host(Node node) {
        return hosts.getOrDefault(node.name(), "0.0.0.0");
    }

    private static long number(String host) {
        long number = 0;
        for (String part : host.split("\\.", -1)) {
            number = number * 256 + Long.parseLong(part);
        }
        return number;
    }
}
