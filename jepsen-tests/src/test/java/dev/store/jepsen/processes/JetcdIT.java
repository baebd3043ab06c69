package dev.store.jepsen.processes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.store.jepsen.cluster.Cluster;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.cluster.Member;
import io.etcd.jetcd.election.LeaderKey;
import io.etcd.jetcd.election.NoLeaderException;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.lock.LockResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.LeaseOption;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchResponse;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** etcd's client for Java, unchanged, against a cluster of three: what its documentation shows. */
@ExtendWith(SharedCluster.class)
@Timeout(300)
class JetcdIT {
    private Client client;
    private String name;

    @BeforeEach
    void connect(Cluster cluster, TestInfo test) {
        client = Client.builder()
                .endpoints(cluster.nodes().stream()
                        .map(node -> "http://" + node.clientEndpoint())
                        .toArray(String[]::new))
                .build();
        name = test.getTestMethod().orElseThrow().getName();
    }

    @AfterEach
    void close() {
        client.close();
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, UTF_8);
    }

    private static <T> T done(CompletableFuture<T> call) throws Exception {
        return call.get(20, TimeUnit.SECONDS);
    }

    @Test
    void keysArePutReadChangedByTransactionsAndDeleted() throws Exception {
        KV kv = client.getKVClient();
        ByteSequence key = bytes(name + "/a");
        done(kv.put(key, bytes("1")));
        done(kv.put(bytes(name + "/b"), bytes("2")));

        TxnResponse won = done(kv.txn()
                .If(new Cmp(key, Cmp.Op.EQUAL, CmpTarget.value(bytes("1"))))
                .Then(Op.put(key, bytes("3"), PutOption.DEFAULT))
                .Else(Op.get(key, GetOption.DEFAULT))
                .commit());
        GetResponse all = done(
                kv.get(bytes(name + "/"), GetOption.builder().isPrefix(true).build()));

        assertThat(won.isSucceeded()).isTrue();
        assertThat(all.getKvs())
                .extracting(entry -> entry.getValue().toString(UTF_8))
                .containsExactly("3", "2");
        assertThat(done(kv.delete(
                                bytes(name + "/"),
                                DeleteOption.builder().isPrefix(true).build()))
                        .getDeleted())
                .isEqualTo(2);
    }

    @Test
    void aWatchTellsChangesFromARevisionOn() throws Exception {
        KV kv = client.getKVClient();
        long revision = done(kv.put(bytes(name), bytes("1"))).getHeader().getRevision();
        LinkedBlockingQueue<WatchResponse> seen = new LinkedBlockingQueue<>();

        try (Watch.Watcher watcher = client.getWatchClient()
                .watch(
                        bytes(name),
                        WatchOption.builder()
                                .withRevision(revision)
                                .withPrevKV(true)
                                .build(),
                        Watch.listener(seen::add))) {
            assertThat(next(seen).getKeyValue().getValue()).isEqualTo(bytes("1"));
            done(kv.delete(bytes(name)));
            WatchEvent deletion = next(seen);
            assertThat(deletion.getEventType()).isEqualTo(WatchEvent.EventType.DELETE);
            assertThat(deletion.getPrevKV().getValue()).isEqualTo(bytes("1"));
            assertThat(watcher.isClosed()).isFalse();
        }
    }

    private static WatchEvent next(LinkedBlockingQueue<WatchResponse> seen) throws InterruptedException {
        WatchResponse response = Objects.requireNonNull(seen.poll(20, TimeUnit.SECONDS), "nothing within 20 s");
        return response.getEvents().get(0);
    }

    @Test
    void leasesHoldKeysAndAreKeptAlive() throws Exception {
        long lease = done(client.getLeaseClient().grant(600)).getID();
        done(client.getKVClient()
                .put(
                        bytes(name),
                        bytes("1"),
                        PutOption.builder().withLeaseId(lease).build()));

        assertThat(done(client.getLeaseClient().keepAliveOnce(lease)).getTTL()).isEqualTo(600);
        assertThat(done(client.getLeaseClient()
                                .timeToLive(
                                        lease,
                                        LeaseOption.builder().withAttachedKeys().build()))
                        .getKeys())
                .containsExactly(bytes(name));
        done(client.getLeaseClient().revoke(lease));
        assertThat(done(client.getKVClient().get(bytes(name))).getCount()).isZero();
    }

    @Test
    void aLockIsHandedOn() throws Exception {
        long first = done(client.getLeaseClient().grant(600)).getID();
        long second = done(client.getLeaseClient().grant(600)).getID();
        LockResponse held = done(client.getLockClient().lock(bytes(name), first));
        CompletableFuture<LockResponse> waiting = client.getLockClient().lock(bytes(name), second);

        done(client.getLockClient().unlock(held.getKey()));

        assertThat(done(waiting).getKey()).isNotEqualTo(held.getKey());
    }

    @Test
    void anElectionHasALeaderUntilItResigns() throws Exception {
        long lease = done(client.getLeaseClient().grant(600)).getID();
        LeaderKey elected = done(client.getElectionClient().campaign(bytes(name), lease, bytes("me")))
                .getLeader();

        assertThat(done(client.getElectionClient().leader(bytes(name))).getKv().getValue())
                .isEqualTo(bytes("me"));
        done(client.getElectionClient().proclaim(elected, bytes("still me")));
        assertThat(done(client.getElectionClient().leader(bytes(name))).getKv().getValue())
                .isEqualTo(bytes("still me"));
        done(client.getElectionClient().resign(elected));
        assertThat(client.getElectionClient().leader(bytes(name)))
                .failsWithin(java.time.Duration.ofSeconds(20))
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(NoLeaderException.class);
    }

    @Test
    void theMembersAreListedAndTellTheirState(Cluster cluster) throws Exception {
        assertThat(done(client.getClusterClient().listMember()).getMembers())
                .extracting(Member::getName)
                .containsExactly("n1", "n2", "n3");
        assertThat(done(client.getMaintenanceClient()
                                .statusMember("http://" + cluster.leader().clientEndpoint()))
                        .getVersion())
                .isEqualTo("3.4.23");
    }
}
