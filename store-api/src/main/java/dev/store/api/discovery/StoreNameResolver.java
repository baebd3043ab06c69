package dev.store.api.discovery;

import dev.store.api.client.StoreClient;
import dev.store.api.error.StoreException;
import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.Status;
import io.grpc.StatusOr;
import io.grpc.SynchronizationContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Follows one service for one channel. */
final class StoreNameResolver extends NameResolver {
    private static final Map<String, ?> ROUND_ROBIN =
            Map.of("loadBalancingConfig", List.of(Map.of("round_robin", Map.of())));

    private final StoreTarget target;
    private final StoreClient client;
    private final boolean ownsClient;
    private final Args args;
    private @Nullable ServiceWatch watch;

    StoreNameResolver(StoreTarget target, StoreClient client, boolean ownsClient, Args args) {
        this.target = target;
        this.client = client;
        this.ownsClient = ownsClient;
        this.args = args;
    }

    @Override
    public String getServiceAuthority() {
        return target.service();
    }

    @Override
    public void start(Listener2 listener) {
        StoreClient scoped = target.namespace().isEmpty() ? client : client.namespace(target.namespace());
        SynchronizationContext context = args.getSynchronizationContext();
        watch = scoped.services().watch(target.service(), new ServiceListener() {
            private boolean shown;

            @Override
            public void onUpdate(Update update) {
                shown = true;
                ResolutionResult result = result(update.state());
                context.execute(() -> {
                    var unused = listener.onResult2(result);
                });
            }

            @Override
            public void onInterrupted(StoreException cause) {
                // What was shown stays: it is better than nothing.
                if (!shown) {
                    context.execute(() -> listener.onError(Status.UNAVAILABLE
                            .withDescription(cause.getMessage())
                            .withCause(cause)));
                }
            }
        });
    }

    private ResolutionResult result(ServiceState state) {
        List<EquivalentAddressGroup> addresses = new ArrayList<>();
        for (ServiceInstance instance :
                InstanceSelection.of(state, target.query().request())) {
            if (instance.hasPort(target.port())) {
                List<SocketAddress> places = places(instance);
                if (!places.isEmpty()) {
                    addresses.add(new EquivalentAddressGroup(places));
                }
            }
        }
        ResolutionResult.Builder result = ResolutionResult.newBuilder();
        if (addresses.isEmpty()) {
            String why = state.known() ? "no instance that may be called" : "no such service";
            return result.setAddressesOrError(StatusOr.fromStatus(Status.UNAVAILABLE.withDescription(
                            "service: " + target.service() + ": " + why + " at revision " + state.revision())))
                    .build();
        }
        return result.setAddressesOrError(StatusOr.fromValue(addresses))
                .setServiceConfig(args.getServiceConfigParser().parseServiceConfig(ROUND_ROBIN))
                .build();
    }

    /** All addresses of an instance; none if its name cannot be resolved now. Runs where it may block. */
    private List<SocketAddress> places(ServiceInstance instance) {
        List<SocketAddress> places = new ArrayList<>();
        try {
            for (InetAddress address : InetAddress.getAllByName(instance.address())) {
                places.add(new InetSocketAddress(address, instance.port(target.port())));
            }
        } catch (UnknownHostException e) {
            // The others of the service are tried.
            return places;
        }
        return places;
    }

    @Override
    public void shutdown() {
        ServiceWatch open = watch;
        if (open != null) {
            open.close();
        }
        if (ownsClient) {
            client.close();
        }
    }
}
