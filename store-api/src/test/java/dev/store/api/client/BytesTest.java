package dev.store.api.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Bytes are ordered as keys are, and are shown so that a person can read them. */
class BytesTest {
    @Property
    void theOrderIsThatOfUnsignedBytes(@ForAll byte[] a, @ForAll byte[] b) {
        assertThat(Integer.signum(Bytes.of(a).compareTo(Bytes.of(b))))
                .isEqualTo(Integer.signum(Arrays.compareUnsigned(a, b)));
    }

    @Test
    void textIsShownAsTextAndOtherBytesInHexadecimal() {
        assertThat(Bytes.of("größe")).hasToString("größe");
        assertThat(Bytes.of(new byte[] {0, (byte) 0xff})).hasToString("0x00ff");
        assertThat(Bytes.of("x".repeat(300)).toString()).endsWith("(300 bytes)");
    }

    @Test
    void theBytesGivenMayChangeAfterwards() {
        byte[] given = {1};
        Bytes bytes = Bytes.of(given);
        given[0] = 2;

        assertThat(bytes.toByteArray()).containsExactly(1);
    }
}
