package dev.store.jepsen.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.cluster.Cluster;
import dev.store.jepsen.cluster.Distribution;
import dev.store.jepsen.cluster.Node;
import dev.store.jepsen.cluster.StoreCommand;
import dev.store.jepsen.processes.ForeignCommand.Result;
import dev.store.jepsen.processes.ForeignCommand.Running;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** etcd's own command, unchanged, against a cluster of three. */
@ExtendWith(SharedCluster.class)
@Timeout(600)
class EtcdctlIT {
    private static Optional<Path> program = Optional.empty();

    @TempDir
    Path folder;

    private ForeignCommand etcdctl;
    private String name;

    @BeforeAll
    static void find() {
        program = ForeignCommand.find("etcdctl").findFirst();
        assumeTrue(program.isPresent(), "etcdctl is not on the PATH (expected: the package etcd-client)");
    }

    @BeforeEach
    void command(Cluster cluster, TestInfo test) {
        etcdctl = of(cluster.endpoints());
        name = test.getTestMethod().orElseThrow().getName();
    }

    private ForeignCommand of(String endpoints) {
        return new ForeignCommand(
                List.of(program.orElseThrow().toString()),
                folder,
                Map.of("ETCDCTL_API", "3", "ETCDCTL_ENDPOINTS", endpoints));
    }

    @AfterEach
    void close() {
        etcdctl.close();
    }

    private String ok(String... arguments) {
        Result result = etcdctl.run(arguments);
        assertThat(result.exitCode()).as(result.output()).isZero();
        return result.output();
    }

    private long revision() {
        return Long.parseLong(group("\"revision\":([0-9]+)", ok("get", name, "--write-out=json")));
    }

    private static String group(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(pattern + " in " + text).isTrue();
        return matcher.group(1);
    }

    @Test
    void keysArePutReadAndDeletedAndStoreSeesTheSameOnes(Cluster cluster) {
        ok("put", name + "/a", "1");
        assertThat(ok("put", name + "/a", "2", "--prev-kv")).contains("1");
        ok("put", name + "/b", "3");

        assertThat(ok("get", name + "/", "--prefix", "--print-value-only")).isEqualTo("2\n3\n");
        assertThat(ok("get", name + "/", "--prefix", "--keys-only", "--limit=1", "--order=DESCEND", "--sort-by=CREATE"))
                .contains(name + "/b")
                .doesNotContain(name + "/a");
        StoreCommand store =
                new StoreCommand(Distribution.find(), folder, Map.of("STORE_ENDPOINTS", cluster.endpoints()));
        assertThat(store.run("get", name + "/a").output()).contains("2");
        assertThat(ok("del", name + "/", "--prefix", "--prev-kv"))
                .startsWith("2\n")
                .contains("3");
        assertThat(ok("get", name + "/", "--prefix")).isEmpty();
    }

    @Test
    void aTransactionIsTypedIn() {
        ok("put", name, "old");
        String input =
                "value(\"" + name + "\") = \"old\"\n\nput " + name + " new\nget " + name + "\n\nget " + name + "\n\n";

        Result won = etcdctl.runWith(input, "txn");
        Result lost = etcdctl.runWith(input, "txn");

        assertThat(won.output()).startsWith("SUCCESS").contains("OK", "new");
        assertThat(lost.output()).startsWith("FAILURE").contains("new");
    }

    @Test
    void aWatchShowsWhatWasAndWhatComes() {
        ok("put", name + "/a", "first");
        long from = revision();
        ok("del", name + "/a");

        Running watch = etcdctl.start("watch", "--prefix", "--rev=" + from, "--prev-kv", name + "/");
        watch.awaitPrinted("DELETE");
        ok("put", name + "/b", "later");
        watch.awaitPrinted("later");

        assertThat(watch.printed()).containsSubsequence("PUT", "first", "DELETE", name + "/a", "PUT", "later");
    }

    @Test
    void leasesAreGrantedKeptAliveAndRevokedWithTheirKeys() {
        String id = group("lease ([0-9a-f]+) granted", ok("lease", "grant", "600"));
        ok("put", name, "1", "--lease=" + id);

        assertThat(ok("lease", "timetolive", id, "--keys")).contains("granted with TTL(600s)", "[" + name + "]");
        assertThat(ok("lease", "keep-alive", "--once", id)).contains("keepalived with TTL(600)");
        assertThat(ok("lease", "list")).contains(id);
        ok("lease", "revoke", id);
        assertThat(ok("get", name)).isEmpty();
        assertThat(ok("lease", "timetolive", id)).contains("already expired");
    }

    @Test
    void aLockIsHeldByOneAtATime() {
        Running holder = etcdctl.start("lock", name);
        holder.awaitPrinted(name + "/");
        Running next = etcdctl.start("lock", name, "echo", "it is mine");
        Await.until(
                Await.PATIENCE,
                "two in line",
                () -> ok("get", name + "/", "--prefix", "--keys-only").split(name, -1).length == 3);

        assertThat(next.printed()).isEmpty();
        holder.interrupt();

        assertThat(next.end().output()).contains("it is mine");
        assertThat(holder.end().exitCode()).isZero();
    }

    @Test
    void anElectionShowsWhoWasElected() {
        Running first = etcdctl.start("elect", name, "one");
        first.awaitPrinted("one");
        Running observer = etcdctl.start("elect", "-l", name);
        observer.awaitPrinted("one");
        Running second = etcdctl.start("elect", name, "two");
        Await.until(
                Await.PATIENCE,
                "two candidates",
                () -> ok("get", name + "/", "--prefix", "--keys-only").split(name, -1).length == 3);

        first.interrupt();

        second.awaitPrinted("two");
        observer.awaitPrinted("two");
    }

    @Test
    void membersAreListedAddedPromotedAndRemoved(Cluster cluster) {
        Node fourth = cluster.newJoiner("e4");
        try {
            fourth.start();
            addOnceItAnswers(fourth, "--learner");
            String id = idOf(fourth);
            Await.until(
                    Await.PATIENCE,
                    "e4 as a voter",
                    () -> etcdctl.run("member", "promote", id).exitCode() == 0 || isListedAsVoter(fourth));
            assertThat(of(fourth.clientEndpoint()).run("put", name, "by e4").output())
                    .isEqualTo("OK\n");
            assertThat(ok("member", "remove", id)).contains("removed");
        } finally {
            cluster.forget(fourth);
        }
        awaitThreeMembers();
    }

    @Test
    void aMemberThatIsAddedAsAVoterIsOneOnceItHasCaughtUp(Cluster cluster) {
        Node fifth = cluster.newJoiner("e5");
        try {
            fifth.start();
            addOnceItAnswers(fifth, "--command-timeout=60s");
            Await.until(Await.PATIENCE, "e5 as a voter", () -> isListedAsVoter(fifth));
            assertThat(ok("member", "remove", idOf(fifth))).contains("removed");
        } finally {
            cluster.forget(fifth);
        }
        awaitThreeMembers();
    }

    /** Until a node that was just started has opened its port, the leader does not reach it. */
    private void addOnceItAnswers(Node joiner, String option) {
        String url = "http://" + joiner.name() + "@" + joiner.raftEndpoint() + "?client=" + joiner.clientEndpoint();
        Await.until(
                Await.PATIENCE,
                joiner + " as a member",
                () -> ok("member", "list").contains(joiner.name())
                        || etcdctl.run("member", "add", joiner.name(), option, "--peer-urls=" + url)
                                        .exitCode()
                                == 0);
    }

    /** A member that is asked for the list may hear of a change a little after it. */
    private String idOf(Node joiner) {
        Pattern line = Pattern.compile("([0-9a-f]+), started, " + joiner.name() + ", http://" + joiner.raftEndpoint());
        return Await.answer(Await.PATIENCE, joiner + " in the list", () -> {
            Matcher listed = line.matcher(ok("member", "list"));
            return listed.find() ? Optional.of(listed.group(1)) : Optional.empty();
        });
    }

    private boolean isListedAsVoter(Node joiner) {
        return ok("member", "list").matches("(?s).*" + joiner.name() + ", [^\n]*, false.*");
    }

    private void awaitThreeMembers() {
        Await.until(
                Await.PATIENCE,
                "three members",
                () -> ok("member", "list").lines().count() == 3);
    }

    /** It puts for a minute, 150 a second; whether that is fast enough is for a quiet machine to say. */
    @Test
    void itsCheckOfPerformanceComesToAVerdict() {
        Result check = etcdctl.run("check", "perf", "--load=s", "--prefix=" + name + "/");

        assertThat(check.output())
                .containsPattern("Throughput (is|too low)")
                .contains("Slowest request took")
                .containsPattern("Stddev (is|too high)")
                .doesNotContain("too many errors");
        assertThat(ok("get", name + "/", "--prefix", "--keys-only")).isEmpty();
    }

    @Test
    void aSnapshotThatIsSavedIsRestoredByStore(Cluster cluster) {
        ok("put", name, "1");
        Path file = folder.resolve("saved.db");
        ForeignCommand one = of(cluster.leader().clientEndpoint());

        Result saved = one.run("snapshot", "save", file.toString());
        StoreCommand.Result restored = new StoreCommand(Distribution.find(), folder, Map.of())
                .run(
                        "snapshot",
                        "restore",
                        file.toString(),
                        "--cluster.name=restored",
                        "--node.data=" + folder.resolve("restored"));

        assertThat(saved.exitCode()).as(saved.output()).isZero();
        assertThat(restored.exitCode()).as(restored.output()).isZero();
        assertThat(restored.output()).contains("restored revision " + revision());
    }

    @Test
    void endpointsTellTheirStateAndTheirHash() {
        assertThat(ok("endpoint", "health")).contains("is healthy");
        assertThat(ok("endpoint", "status").split("true", -1)).as("leaders").hasSize(2);
        assertThat(ok("endpoint", "hashkv").lines()).hasSize(3);
        assertThat(ok("alarm", "list")).isEmpty();
        assertThat(ok("defrag")).contains("Finished defragmenting");
    }

    @Test
    void whatWasCompactedCannotBeReadOrWatched() {
        ok("put", name, "1");
        long old = revision();
        ok("put", name, "2");

        assertThat(ok("compaction", Long.toString(old + 1))).contains("compacted revision " + (old + 1));

        assertThat(etcdctl.run("get", name, "--rev=" + old).output())
                .contains("etcdserver: mvcc: required revision has been compacted");
        assertThat(etcdctl.run("watch", name, "--rev=" + old).output())
                .contains("etcdserver: mvcc: required revision has been compacted");
        assertThat(etcdctl.run("compaction", Long.toString(old + 1_000)).output())
                .contains("etcdserver: mvcc: required revision is a future revision");
    }

    @Test
    void leadershipIsMoved(Cluster cluster) {
        Node target = cluster.followers().get(0);
        String id = group("([0-9a-f]+), started, " + target.name() + ",", ok("member", "list"));

        assertThat(ok("move-leader", id)).contains("Leadership transferred");

        Await.until(Await.PATIENCE, target + " leads", () -> cluster.leader() == target);
    }

    @Test
    void theClusterAuthenticatesNobody() {
        assertThat(ok("user", "list")).isEmpty();
        assertThat(etcdctl.run("auth", "enable").output()).contains("etcdserver: root user does not exist");
        assertThat(etcdctl.run("--user=root:x", "get", name).output()).contains("authentication is not enabled");
    }
}
