package dev.store.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.store.api.v1.GetRequest;
import dev.store.api.v1.Member;
import dev.store.api.v1.MembersRequest;
import dev.store.api.v1.Put;
import dev.store.api.v1.PutRequest;
import dev.store.server.testing.TestCluster;
import dev.store.server.testing.TestCluster.Node;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class AdvertisedAddressTest {
    private static final ByteString KEY = ByteString.copyFromUtf8("k");

    @TempDir
    Path folder;

    /** What is advertised belongs to the forwarders: a member that tried to open it could not start. */
    @Test
    void membersListenOnOneRaftAddressAndAreReachedByAnother() throws IOException {
        try (TestCluster cluster = TestCluster.startBehindForwarders(folder, 3)) {
            Node writer = cluster.follower();
            writer.kv()
                    .put(PutRequest.newBuilder()
                            .setPut(Put.newBuilder().setKey(KEY).setValue(KEY))
                            .build());

            for (Node reader : cluster.nodes()) {
                assertThat(reader.kv()
                                .get(GetRequest.newBuilder().setKey(KEY).build())
                                .getEntry()
                                .getValue())
                        .isEqualTo(KEY);
            }
            assertThat(writer.cluster()
                            .members(MembersRequest.getDefaultInstance())
                            .getMembersList())
                    .extracting(Member::getRaftEndpoint)
                    .containsExactlyElementsOf(
                            cluster.nodes().stream().map(Node::raftEndpoint).toList());
        }
    }
}
