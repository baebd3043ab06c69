package dev.store.jepsen.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * A classic BPF program that drops what one node sends to another, in the form that {@code tc … bpf bytecode} takes: the
 * number of instructions, then each as operation, jump if true, jump if false and operand (the kernel's
 * Documentation/networking/filter.rst). Packets are Ethernet frames with IPv4 without options.
 */
final class DropProgram {
    private static final int LOAD_HALF = 0x28;
    private static final int LOAD_WORD = 0x20;
    private static final int JUMP_EQUAL = 0x15;
    private static final int JUMP_AT_LEAST = 0x35;
    private static final int RETURN = 0x06;

    private static final int ETHERNET_TYPE = 12;
    private static final int SOURCE = 26;
    private static final int DESTINATION = 30;
    private static final int SOURCE_PORT = 34;
    private static final int DESTINATION_PORT = 36;
    /** Loads a random number (SKF_AD_OFF + SKF_AD_RANDOM). */
    private static final long RANDOM = 4294963256L;

    private static final long IPV4 = 0x0800;
    /** TC_ACT_SHOT and TC_ACT_UNSPEC. */
    private static final long DROP = 2;

    private static final long PASS = 4294967295L;

    private final List<Instruction> instructions = new ArrayList<>();

    private DropProgram() {}

    /** Where a jump leads: on, or to one of the two ends. */
    private enum To {
        NEXT,
        CHOSEN,
        PASS
    }

    private record Instruction(int operation, To ifTrue, To ifFalse, long operand) {}

    /**
     * Drops what goes to a host, or to the proxies before its ports.
     *
     * @param proxy address of the proxies
     * @param proxyPorts none if the host has no proxies
     * @param percent of the packets
     */
    static String to(long host, long proxy, List<Integer> proxyPorts, int percent) {
        DropProgram program = new DropProgram();
        program.ipv4();
        program.load(LOAD_WORD, DESTINATION);
        program.jump(JUMP_EQUAL, host, To.CHOSEN, proxyPorts.isEmpty() ? To.PASS : To.NEXT);
        if (!proxyPorts.isEmpty()) {
            program.jump(JUMP_EQUAL, proxy, To.NEXT, To.PASS);
            program.port(DESTINATION_PORT, proxyPorts);
        }
        return program.ends(percent);
    }

    /** Drops what comes from proxies, of which there is at least one. */
    static String from(long proxy, List<Integer> proxyPorts, int percent) {
        DropProgram program = new DropProgram();
        program.ipv4();
        program.load(LOAD_WORD, SOURCE);
        program.jump(JUMP_EQUAL, proxy, To.NEXT, To.PASS);
        program.port(SOURCE_PORT, proxyPorts);
        return program.ends(percent);
    }

    private void ipv4() {
        load(LOAD_HALF, ETHERNET_TYPE);
        jump(JUMP_EQUAL, IPV4, To.NEXT, To.PASS);
    }

    private void port(int offset, List<Integer> ports) {
        load(LOAD_HALF, offset);
        for (int i = 0; i < ports.size(); i++) {
            jump(JUMP_EQUAL, ports.get(i), To.CHOSEN, i == ports.size() - 1 ? To.PASS : To.NEXT);
        }
    }

    private void load(int operation, long offset) {
        instructions.add(new Instruction(operation, To.NEXT, To.NEXT, offset));
    }

    private void jump(int operation, long operand, To ifTrue, To ifFalse) {
        instructions.add(new Instruction(operation, ifTrue, ifFalse, operand));
    }

    /** Adds what is done with a packet that was chosen and with one that was not, and writes the program. */
    private String ends(int percent) {
        int chosen = instructions.size();
        if (percent < 100) {
            load(LOAD_WORD, RANDOM);
            jump(JUMP_AT_LEAST, (1L << 32) / 100 * percent, To.PASS, To.NEXT);
        }
        load(RETURN, DROP);
        load(RETURN, PASS);
        int pass = instructions.size() - 1;
        StringJoiner code = new StringJoiner(",");
        code.add(Integer.toString(instructions.size()));
        for (int at = 0; at < instructions.size(); at++) {
            Instruction next = instructions.get(at);
            code.add(next.operation + " " + distance(at, next.ifTrue, chosen, pass) + " "
                    + distance(at, next.ifFalse, chosen, pass) + " " + next.operand);
        }
        return code.toString();
    }

    private static int distance(int at, To to, int chosen, int pass) {
        return switch (to) {
            case NEXT -> 0;
            case CHOSEN -> chosen - at - 1;
            case PASS -> pass - at - 1;
        };
    }
}
