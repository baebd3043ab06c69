package dev.store.bench.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class JobTest {
    @Test
    void nameAloneTakesTheNumbersOfTheRun() {
        assertThat(Job.of("put", 64, 8)).isEqualTo(new Job(Work.PUT, 64, 8));
        assertThat(Job.of("put", 64, 8).label()).isEqualTo("put, 64 clients / 8 connections");
    }

    @Test
    void numbersOfTheTextComeFirst() {
        assertThat(Job.of("get-serializable@1000/100", 64, 8)).isEqualTo(new Job(Work.GET_SERIALIZABLE, 1_000, 100));
    }

    @Test
    void fewClientsHaveNoMoreConnectionsThanThereAreClients() {
        assertThat(Job.of("put@1", 64, 8)).isEqualTo(new Job(Work.PUT, 1, 1));
        assertThat(Job.of("put@1", 64, 8).label()).isEqualTo("put, 1 client / 1 connection");
    }

    @Test
    void numberOfAWatchIsThatOfItsWatchers() {
        Job job = Job.of("watch@10000/100", 64, 8);

        assertThat(job.clients()).isEqualTo(Job.WATCHED_PUTTERS);
        assertThat(job.label()).isEqualTo("watch, 10000 watchers / 100 connections");
    }

    @Test
    void wherePutsGoOnBesideTheNumberOfClientsIsFixed() {
        assertThat(Job.of("put-keys", 7, 3)).isEqualTo(new Job(Work.PUT_KEYS, 1_000_000, 3));
        assertThat(Job.of("put-keys", 7, 3).clients()).isEqualTo(Job.PUTTERS);
        assertThat(Job.of("put-idle-watches@9", 7, 3).clients()).isEqualTo(Job.PUTTERS);
        assertThat(Job.of("put-idle-watches@9", 7, 3).watchers()).isEqualTo(9);
        assertThat(Job.of("read-pages@20000", 7, 3).clients()).isEqualTo(1);
    }

    @Test
    void whatHappensOnceHasNoConnectionsInItsLabel() {
        assertThat(Job.of("expiry", 64, 8).label()).isEqualTo("expiry, 10000 leases");
        assertThat(Job.of("memory@0", 64, 8).label()).isEqualTo("memory, 0 keys");
        assertThat(Job.of("recovery-polling", 64, 8).label()).isEqualTo("recovery-polling");
    }

    @Test
    void unknownNameIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> Job.of("putt", 64, 8))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("workload: \"putt\" (expected: one of put, put-sequential, ");
    }

    @Test
    void textOfAnotherFormIsRefused() {
        assertThatThrownBy(() -> Job.of("put@", 64, 8))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("NAME@NUMBER/CONNECTIONS");
        assertThatThrownBy(() -> Job.of("put@0", 64, 8)).hasMessage("put: 0 (expected: at least 1)");
    }
}
