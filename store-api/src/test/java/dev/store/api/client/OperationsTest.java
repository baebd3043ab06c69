package dev.store.api.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.api.v1.OperationId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Numbers are given in order, and never further from the oldest under way than the members remember. */
class OperationsTest {
    private static final class Mutation implements Operations.Waiter {
        private final List<OperationId> numbers = new ArrayList<>();
        private boolean refused;

        @Override
        public void numbered(OperationId operation) {
            numbers.add(operation);
        }

        @Override
        public void refused() {
            refused = true;
        }

        OperationId number() {
            return numbers.get(0);
        }
    }

    private final Operations operations = new Operations(7, 4);

    private Mutation begin() {
        Mutation mutation = new Mutation();
        assertThat(operations.begin(mutation)).isTrue();
        return mutation;
    }

    @Test
    void numbersStartAtOneAndSayWhichAnswersAreNotNeededAnyMore() {
        Mutation first = begin();
        Mutation second = begin();
        operations.end(first.number());
        Mutation third = begin();

        assertThat(first.number().getSequence()).isEqualTo(1);
        assertThat(first.number().getClientId()).isEqualTo(7);
        assertThat(second.number().getAcknowledgedBelow()).isEqualTo(1);
        assertThat(third.number().getSequence()).isEqualTo(3);
        assertThat(third.number().getAcknowledgedBelow()).isEqualTo(2);
    }

    @Test
    void anOldOneUnderWayHoldsUpNewOnesWhenTheWindowIsFull() {
        Mutation oldest = begin();
        for (int i = 0; i < 3; i++) {
            operations.end(begin().number());
        }

        Mutation waiting = begin();

        assertThat(waiting.numbers).isEmpty();
        operations.end(oldest.number());
        assertThat(waiting.number().getSequence()).isEqualTo(5);
        assertThat(waiting.number().getAcknowledgedBelow()).isEqualTo(5);
    }

    @Test
    void theQueueIsAsLongAsTheWindowAndOneMoreIsRefused() {
        for (int i = 0; i < 8; i++) {
            begin();
        }

        assertThat(operations.begin(new Mutation())).isFalse();
    }

    @Test
    void oneThatIsWithdrawnGetsNoNumber() {
        Mutation first = begin();
        for (int i = 0; i < 3; i++) {
            begin();
        }
        Mutation withdrawn = begin();
        Mutation next = begin();

        assertThat(operations.withdraw(withdrawn)).isTrue();
        operations.end(first.number());

        assertThat(withdrawn.numbers).isEmpty();
        assertThat(next.number().getSequence()).isEqualTo(5);
        assertThat(operations.withdraw(next)).isFalse();
    }

    @Test
    void thoseThatWaitAreRefusedWhenTheClientIsClosed() {
        for (int i = 0; i < 4; i++) {
            begin();
        }
        Mutation waiting = begin();

        operations.close();

        assertThat(waiting.refused).isTrue();
        assertThat(begin().refused).isTrue();
    }

    @Property(tries = 200)
    void theWindowIsNeverExceededAndEveryNumberIsGivenOnce(@ForAll long seed) {
        Random random = new Random(seed);
        int window = 1 + random.nextInt(16);
        Operations numbers = new Operations(1, window);
        List<OperationId> underWay = new ArrayList<>();
        long[] last = {0};
        class Mutating implements Operations.Waiter {
            @Override
            public void numbered(OperationId operation) {
                assertThat(operation.getSequence()).isEqualTo(++last[0]);
                underWay.add(operation);
                long oldest = underWay.stream()
                        .mapToLong(OperationId::getSequence)
                        .min()
                        .orElseThrow();
                assertThat(operation.getAcknowledgedBelow()).isLessThanOrEqualTo(oldest);
                assertThat(operation.getSequence() - oldest).isLessThan(window);
            }

            @Override
            public void refused() {
                throw new AssertionError("not closed");
            }
        }

        for (int i = 0; i < 500; i++) {
            if (random.nextBoolean() || underWay.isEmpty()) {
                numbers.begin(new Mutating());
            } else {
                numbers.end(underWay.remove(random.nextInt(underWay.size())));
            }
        }
    }
}
