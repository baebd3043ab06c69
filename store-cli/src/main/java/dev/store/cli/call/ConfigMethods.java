package dev.store.cli.call;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.store.api.v1.ConfigDeleteRequest;
import dev.store.api.v1.ConfigDeleteResponse;
import dev.store.api.v1.ConfigDeleteSchemaRequest;
import dev.store.api.v1.ConfigDeleteSchemaResponse;
import dev.store.api.v1.ConfigDiffRequest;
import dev.store.api.v1.ConfigDiffResponse;
import dev.store.api.v1.ConfigEndGrayRequest;
import dev.store.api.v1.ConfigGetRequest;
import dev.store.api.v1.ConfigGetResponse;
import dev.store.api.v1.ConfigGrayResponse;
import dev.store.api.v1.ConfigHistoryRequest;
import dev.store.api.v1.ConfigHistoryResponse;
import dev.store.api.v1.ConfigListGraysRequest;
import dev.store.api.v1.ConfigListGraysResponse;
import dev.store.api.v1.ConfigListRequest;
import dev.store.api.v1.ConfigListResponse;
import dev.store.api.v1.ConfigListSchemasRequest;
import dev.store.api.v1.ConfigListSchemasResponse;
import dev.store.api.v1.ConfigPublishRequest;
import dev.store.api.v1.ConfigPublishResponse;
import dev.store.api.v1.ConfigReceiptsRequest;
import dev.store.api.v1.ConfigReceiptsResponse;
import dev.store.api.v1.ConfigRollbackRequest;
import dev.store.api.v1.ConfigSearchRequest;
import dev.store.api.v1.ConfigSearchResponse;
import dev.store.api.v1.ConfigSetRetentionRequest;
import dev.store.api.v1.ConfigSetRetentionResponse;
import dev.store.api.v1.ConfigSetSchemaRequest;
import dev.store.api.v1.ConfigSetSchemaResponse;
import dev.store.api.v1.ConfigStartGrayRequest;

/** The calls that {@code store config} makes; see {@link Methods} for why they are written down here. */
public final class ConfigMethods {
    private ConfigMethods() {}

    public static Method<ConfigPublishRequest, ConfigPublishResponse> publish() {
        return write("Publish", ConfigPublishResponse.parser());
    }

    public static Method<ConfigGetRequest, ConfigGetResponse> get() {
        return read("Get", ConfigGetResponse.parser());
    }

    public static Method<ConfigListRequest, ConfigListResponse> list() {
        return read("List", ConfigListResponse.parser());
    }

    public static Method<ConfigSearchRequest, ConfigSearchResponse> search() {
        return read("Search", ConfigSearchResponse.parser());
    }

    public static Method<ConfigDeleteRequest, ConfigDeleteResponse> delete() {
        return write("Delete", ConfigDeleteResponse.parser());
    }

    public static Method<ConfigHistoryRequest, ConfigHistoryResponse> history() {
        return read("History", ConfigHistoryResponse.parser());
    }

    public static Method<ConfigDiffRequest, ConfigDiffResponse> diff() {
        return read("Diff", ConfigDiffResponse.parser());
    }

    public static Method<ConfigRollbackRequest, ConfigPublishResponse> rollback() {
        return write("Rollback", ConfigPublishResponse.parser());
    }

    public static Method<ConfigSetRetentionRequest, ConfigSetRetentionResponse> setRetention() {
        return write("SetRetention", ConfigSetRetentionResponse.parser());
    }

    public static Method<ConfigSetSchemaRequest, ConfigSetSchemaResponse> setSchema() {
        return write("SetSchema", ConfigSetSchemaResponse.parser());
    }

    public static Method<ConfigDeleteSchemaRequest, ConfigDeleteSchemaResponse> deleteSchema() {
        return write("DeleteSchema", ConfigDeleteSchemaResponse.parser());
    }

    public static Method<ConfigListSchemasRequest, ConfigListSchemasResponse> listSchemas() {
        return read("ListSchemas", ConfigListSchemasResponse.parser());
    }

    public static Method<ConfigStartGrayRequest, ConfigGrayResponse> startGray() {
        return write("StartGray", ConfigGrayResponse.parser());
    }

    public static Method<ConfigEndGrayRequest, ConfigGrayResponse> promoteGray() {
        return write("PromoteGray", ConfigGrayResponse.parser());
    }

    public static Method<ConfigEndGrayRequest, ConfigGrayResponse> abortGray() {
        return write("AbortGray", ConfigGrayResponse.parser());
    }

    public static Method<ConfigListGraysRequest, ConfigListGraysResponse> listGrays() {
        return read("ListGrays", ConfigListGraysResponse.parser());
    }

    public static Method<ConfigReceiptsRequest, ConfigReceiptsResponse> receipts() {
        return read("Receipts", ConfigReceiptsResponse.parser());
    }

    private static <Q extends MessageLite, R extends MessageLite> Method<Q, R> read(String name, Parser<R> answers) {
        return new Method<>("/store.v1.Config/" + name, answers, Method.Effect.READ);
    }

    private static <Q extends MessageLite, R extends MessageLite> Method<Q, R> write(String name, Parser<R> answers) {
        return new Method<>("/store.v1.Config/" + name, answers, Method.Effect.WRITE_BY_ID);
    }
}
