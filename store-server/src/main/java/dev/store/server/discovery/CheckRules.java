package dev.store.server.discovery;

import dev.store.api.v1.Check;
import dev.store.api.v1.Instance;
import dev.store.server.config.ChecksConfig;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Refuses registrations whose active checks this cluster would not do. */
final class CheckRules implements DiscoveryService.RegistrationRules {
    private final ChecksConfig config;

    CheckRules(ChecksConfig config) {
        this.config = config;
    }

    @Override
    public void check(Instance instance) {
        for (int i = 0; i < instance.getChecksCount(); i++) {
            Check check = instance.getChecks(i);
            if (!ActiveCheck.isActive(check)) {
                continue;
            }
            String field = "instance.checks[" + i + "]";
            if (!config.enabled()) {
                throw InstanceRequests.invalid(
                        field,
                        InstanceRequests.shown(check.getName()) + " is active",
                        "reported; checks.enabled is off on this member");
            }
            byte[] literal = NetUtil.createByteArrayFromIpAddressString(instance.getAddress());
            if (literal != null && !allowed(literal)) {
                throw InstanceRequests.invalid(
                        "instance.address",
                        instance.getAddress(),
                        "within checks.allowed, " + config.allowed() + ", because of an active check");
            }
        }
    }

    private boolean allowed(byte[] address) {
        try {
            InetAddress parsed = InetAddress.getByAddress(address);
            return config.allowed().stream().anyMatch(range -> range.contains(parsed));
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
