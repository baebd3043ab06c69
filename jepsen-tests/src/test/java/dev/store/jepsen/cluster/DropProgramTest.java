package dev.store.jepsen.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DropProgramTest {
    private static final int A = 0x0ac80101;
    private static final int B = 0x0ac80102;
    private static final int RIG = 0x0ac801fe;
    private static final List<Integer> NO_PORTS = List.of();
    private static final List<Integer> PORTS_OF_B = List.of(20_001, 20_002);

    @Test
    void whatGoesToTheHostIsDroppedAndNothingElse() {
        String program = DropProgram.to(B, RIG, NO_PORTS, 100);

        assertThat(passes(program, tcp(A, 40_000, B, 7401), 0)).isFalse();
        assertThat(passes(program, tcp(A, 40_000, RIG, 20_001), 0)).isTrue();
        assertThat(passes(program, arp(), 0)).isTrue();
    }

    @Test
    void whatGoesToTheProxiesOfTheHostIsDroppedToo() {
        String program = DropProgram.to(B, RIG, PORTS_OF_B, 100);

        assertThat(passes(program, tcp(A, 40_000, B, 7401), 0)).isFalse();
        assertThat(passes(program, tcp(A, 40_000, RIG, 20_001), 0)).isFalse();
        assertThat(passes(program, tcp(A, 40_000, RIG, 20_002), 0)).isFalse();
        // The proxies of others, answers to the rig, and who happens to have the same number elsewhere.
        assertThat(passes(program, tcp(A, 40_000, RIG, 20_003), 0)).isTrue();
        assertThat(passes(program, tcp(A, 20_001, RIG, 50_000), 0)).isTrue();
        assertThat(passes(program, tcp(B, 40_000, A, 20_001), 0)).isTrue();
        assertThat(passes(program, arp(), 0)).isTrue();
    }

    @Test
    void whatComesFromTheProxiesOfTheHostIsDropped() {
        String program = DropProgram.from(RIG, PORTS_OF_B, 100);

        assertThat(passes(program, tcp(RIG, 20_001, A, 40_000), 0)).isFalse();
        assertThat(passes(program, tcp(RIG, 20_002, A, 40_000), 0)).isFalse();
        assertThat(passes(program, tcp(RIG, 20_003, A, 40_000), 0)).isTrue();
        assertThat(passes(program, tcp(B, 20_001, A, 40_000), 0)).isTrue();
        assertThat(passes(program, arp(), 0)).isTrue();
    }

    @Test
    void somePacketsOfTheChosenOnesAreDropped() {
        String program = DropProgram.to(B, RIG, PORTS_OF_B, 20);
        long aFifth = (1L << 32) / 100 * 20;

        for (ByteBuffer packet : List.of(tcp(A, 40_000, B, 7401), tcp(A, 40_000, RIG, 20_002))) {
            assertThat(passes(program, packet, aFifth - 1)).isFalse();
            assertThat(passes(program, packet, aFifth)).isTrue();
        }
        assertThat(passes(program, tcp(A, 40_000, RIG, 20_003), 0)).isTrue();
    }

    private static ByteBuffer tcp(int source, int sourcePort, int destination, int destinationPort) {
        return ByteBuffer.allocate(64)
                .putShort(12, (short) 0x0800)
                .putInt(26, source)
                .putInt(30, destination)
                .putShort(34, (short) sourcePort)
                .putShort(36, (short) destinationPort);
    }

    private static ByteBuffer arp() {
        return ByteBuffer.allocate(64).putShort(12, (short) 0x0806);
    }

    /** Runs a program as the kernel does. */
    private static boolean passes(String bytecode, ByteBuffer packet, long random) {
        String[] words = bytecode.split(",", -1);
        assertThat(words).hasSize(Integer.parseInt(words[0]) + 1);
        long[][] program = Stream.of(words)
                .skip(1)
                .map(word -> Stream.of(word.split(" ", -1))
                        .mapToLong(Long::parseLong)
                        .toArray())
                .toArray(long[][]::new);
        long loaded = 0;
        for (int at = 0; at < program.length; at++) {
            long[] next = program[at];
            switch ((int) next[0]) {
                case 0x28 -> loaded = Short.toUnsignedInt(packet.getShort((int) next[3]));
                case 0x20 ->
                    loaded = next[3] == 4294963256L ? random : Integer.toUnsignedLong(packet.getInt((int) next[3]));
                case 0x15 -> at += (int) (loaded == next[3] ? next[1] : next[2]);
                case 0x35 -> at += (int) (loaded >= next[3] ? next[1] : next[2]);
                case 0x06 -> {
                    return next[3] != 2;
                }
                default -> throw new AssertionError("operation " + next[0]);
            }
        }
        throw new AssertionError("the program has no end");
    }
}
