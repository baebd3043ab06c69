package dev.store.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;

class DataTest {
    @Test
    void keysHaveTheirSizeAndTheOrderOfTheirNumbers() {
        Data data = new Data(settings(1_000, 8, 256));

        assertThat(data.key(255).size()).isEqualTo(8);
        assertThat(ByteString.unsignedLexicographicalComparator().compare(data.key(255), data.key(256)))
                .isNegative();
        assertThat(new Data(settings(200, 1, 0)).key(199)).isEqualTo(ByteString.copyFrom(new byte[] {(byte) 199}));
    }

    @Test
    void sequentialKeysStartAgainAtTheEndOfTheKeySpace() {
        Data data = new Data(settings(2, 8, 0));

        assertThat(data.nextKey()).isEqualTo(data.key(0));
        assertThat(data.nextKey()).isEqualTo(data.key(1));
        assertThat(data.nextKey()).isEqualTo(data.key(0));
    }

    @Test
    void valueTellsWhenItsPutBegan() {
        ByteString value = new Data(settings(10, 8, 256)).stampedValue(-42);

        assertThat(value.size()).isEqualTo(256);
        assertThat(Data.stamp(value)).isEqualTo(-42);
    }

    @Test
    void keySpaceThatDoesNotFitTheKeysIsRefused() {
        assertThatThrownBy(() -> settings(257, 1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("key-space: 257 (expected: at most 256 with keys of 1 bytes)");
    }

    private static LoadSettings settings(long keySpace, int keyBytes, int valueBytes) {
        return new LoadSettings(keySpace, true, keyBytes, valueBytes, 0, 10, false, 2, false, 0, 1);
    }
}
