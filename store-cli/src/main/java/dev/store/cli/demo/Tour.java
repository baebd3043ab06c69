package dev.store.cli.demo;

import dev.store.api.client.Op;
import dev.store.api.client.StoreClient;
import dev.store.api.configuration.ConfigFormat;
import dev.store.api.configuration.Draft;
import dev.store.api.configuration.GrayRule;
import dev.store.api.configuration.Receipts;
import dev.store.api.discovery.BalancerOptions;
import dev.store.api.discovery.Balancing;
import dev.store.api.discovery.Health;
import dev.store.api.discovery.ServiceBalancer;
import dev.store.api.discovery.ServiceInstance;
import dev.store.api.discovery.ServiceQuery;
import dev.store.api.discovery.ServiceState;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.locks.HeldLock;
import dev.store.api.locks.LockClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;

/** The stations of the tour, one after the other. Each shows something and stops the tour if it is not so. */
final class Tour {
    static final String ENTRY = "payments/fees.yaml";
    private static final String LOCK = "payments/settlement";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final StoreClient store;
    private final Instances instances;
    private final PrintWriter out;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    /**
     * Prepares the tour.
     *
     * @param store a client in the namespace of the tour
     * @param out where it is told
     */
    Tour(StoreClient store, Instances instances, PrintWriter out) {
        this.store = store;
        this.instances = instances;
        this.out = out;
    }

    /** Walks all of it. */
    void walk() throws IOException, InterruptedException {
        publish("fee: 2.9 %");
        startInstances();
        try (ServiceBalancer payments =
                store.services().balancer(PaymentsProcess.SERVICE, BalancerOptions.of(Balancing.ROUND_ROBIN))) {
            payments.ready().join();
            balance(payments);
            killOne(payments);
            changeLive(payments);
            releaseGradually(payments);
        }
        contend();
        say("Done. Everything above is in docs/tour.md, to be tried by hand.");
    }

    private void startInstances() throws IOException {
        title("Three instances of payments register, each a process of its own");
        instances.start("payments-1", "a", ENTRY);
        instances.start("payments-2", "a", ENTRY);
        instances.start("payments-3", "b", ENTRY);
        instances.awaitReady();
        ServiceState state = store.services()
                .resolve(ServiceQuery.of(PaymentsProcess.SERVICE).linearizable())
                .join();
        for (ServiceInstance instance : state.instances()) {
            say("  " + instance.id() + "  " + instance.address() + ":" + instance.port() + "  zone " + instance.zone()
                    + "  " + instance.health() + "  pid " + instances.pid(instance.id()));
        }
        require(state.instances().size() == 3, "three instances, but there are " + state.instances());
    }

    private void balance(ServiceBalancer payments) {
        title("A caller spreads its load over them");
        Map<String, Integer> answers = new TreeMap<>();
        for (int i = 0; i < 9; i++) {
            answers.merge(call(payments), 1, Integer::sum);
        }
        answers.forEach((answer, times) -> say("  " + times + " x " + answer));
        require(answers.size() == 3, "answers of three instances, but there are " + answers);
    }

    private void killOne(ServiceBalancer payments) throws InterruptedException {
        title("payments-2 is killed (kill -9), and leaves");
        instances.kill("payments-2");
        int failed = 0;
        for (int i = 0; i < 20; i++) {
            try {
                String unused = call(payments);
            } catch (CallFailed e) {
                failed++;
            }
        }
        say("  of the next 20 calls " + failed + " met the dead one, until the caller left it out");
        await("payments-2 critical", () -> health("payments-2") != Health.PASSING);
        say("  its heartbeats missed for " + PaymentsProcess.TIME_TO_LIVE.toSeconds() + " s: " + health("payments-2")
                + ", and callers are told");
    }

    private Health health(String id) {
        return store.services().resolve(ServiceQuery.of(PaymentsProcess.SERVICE).every()).join().instances().stream()
                .filter(instance -> instance.id().equals(id))
                .map(ServiceInstance::health)
                .findFirst()
                .orElse(Health.CRITICAL);
    }

    private void changeLive(ServiceBalancer payments) throws InterruptedException {
        title("A change of the configuration reaches them without a restart");
        long version = publish("fee: 2.4 %");
        say("  published " + ENTRY + " version " + version);
        await("both charge 2.4 %", () -> everyone(payments).equals("payments-1 2.4 %, payments-3 2.4 %"));
        say("  " + everyone(payments));
    }

    private void releaseGradually(ServiceBalancer payments) throws InterruptedException {
        title("A new version goes to zone b first (gray release), then to all");
        store.config()
                .startGray(Draft.of(ENTRY, "fee: 1.9 %").as(ConfigFormat.YAML), GrayRule.label("zone", "b"))
                .join();
        Receipts receipts = store.config().awaitReceipts(ENTRY, PATIENCE).join();
        require(receipts.complete(), "all subscribers to run what is meant for them, but " + receipts);
        await("only zone b charges 1.9 %", () -> everyone(payments).equals("payments-1 2.4 %, payments-3 1.9 %"));
        say("  gray:     " + everyone(payments) + "  (all have confirmed)");
        long version = store.config().promoteGray(ENTRY).join();
        await("all charge 1.9 %", () -> everyone(payments).equals("payments-1 1.9 %, payments-3 1.9 %"));
        say("  promoted: " + everyone(payments) + "  (version " + version + ")");
    }

    private void contend() {
        title("Two workers contend for a lock; its tokens rise, and a stale one is refused");
        LockClient locks = store.locks();
        HeldLock first = locks.lock(LOCK).join();
        say("  worker A holds " + LOCK + " with token " + first.token());
        CompletableFuture<HeldLock> waiting = locks.lock(LOCK);
        store.kv()
                .txn(Op.txn().requireLock(LOCK, first.token()).then(Op.put("settled", "by A")))
                .join();
        say("  worker A writes under its token; worker B waits");
        first.unlock().join();
        HeldLock second = waiting.join();
        say("  worker A unlocks; worker B is woken with token " + second.token());
        require(second.token() > first.token(), "a greater token");
        try {
            store.kv()
                    .txn(Op.txn().requireLock(LOCK, first.token()).then(Op.put("settled", "by A, too late")))
                    .join();
            require(false, "the write under the old token to be refused");
        } catch (CompletionException e) {
            require(GrpcErrors.fromGrpc(e).code() == ErrorCode.LOCK_NOT_HELD, "LOCK_NOT_HELD, but it was " + e);
            say("  worker A writes once more under its old token: refused (LOCK_NOT_HELD)");
        }
        second.unlock().join();
    }

    private long publish(String content) {
        return store.config()
                .publish(Draft.of(ENTRY, content).as(ConfigFormat.YAML))
                .join()
                .first()
                .version();
    }

    /** What each living instance charges, in order of name. */
    private String everyone(ServiceBalancer payments) {
        Map<String, String> fees = new TreeMap<>();
        for (int i = 0; i < 8; i++) {
            try {
                String answer = call(payments);
                fees.put(answer.substring(0, answer.indexOf(' ')), answer.substring(answer.indexOf(" of ") + 4));
            } catch (CallFailed e) {
                // The dead one, before the caller left it out: it charges nothing.
            }
        }
        StringBuilder text = new StringBuilder();
        fees.forEach((name, fee) -> text.append(text.isEmpty() ? "" : ", ").append(name + " " + fee));
        return text.toString();
    }

    private String call(ServiceBalancer payments) {
        ServiceBalancer.Pick pick = payments.pick();
        URI uri = URI.create(
                "http://" + pick.instance().address() + ":" + pick.instance().port() + "/charge");
        try {
            String answer = http.send(
                            HttpRequest.newBuilder(uri)
                                    .timeout(Duration.ofSeconds(5))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            pick.succeeded();
            return answer;
        } catch (IOException e) {
            pick.failed();
            throw new CallFailed(pick.instance().id(), e);
        } catch (InterruptedException e) {
            pick.failed();
            Thread.currentThread().interrupt();
            throw new CallFailed(pick.instance().id(), e);
        }
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            require(System.nanoTime() < deadline, what + " within " + PATIENCE.toSeconds() + " s");
            Thread.sleep(50);
        }
    }

    private static void require(boolean holds, String expected) {
        if (!holds) {
            throw new IllegalStateException("the tour expected " + expected);
        }
    }

    private void title(String text) {
        say("");
        say("== " + text);
    }

    private void say(String text) {
        out.println(text);
        out.flush();
    }

    /** A call that an instance did not answer. */
    private static final class CallFailed extends RuntimeException {
        private static final long serialVersionUID = 1;

        CallFailed(String instance, Exception cause) {
            super("instance " + instance + " did not answer: " + cause, cause);
        }
    }
}
