package dev.store.api.configuration;

import dev.store.api.v1.ConfigPublishRequest;

/** Entries that are published together: all at one revision or none. Immutable: each method gives another one. */
public final class Release {
    private final ConfigPublishRequest request;

    private Release(ConfigPublishRequest request) {
        this.request = request;
    }

    /** A release of 1 to 64 entries. */
    public static Release of(Draft... drafts) {
        ConfigPublishRequest.Builder request = ConfigPublishRequest.newBuilder();
        for (Draft draft : drafts) {
            request.addDrafts(draft.toProto());
        }
        return new Release(request.build());
    }

    /** One more entry. */
    public Release and(Draft draft) {
        return new Release(request.toBuilder().addDrafts(draft.toProto()).build());
    }

    /** Who publishes. */
    public Release author(String author) {
        return new Release(request.toBuilder().setAuthor(author).build());
    }

    /** Why. */
    public Release comment(String comment) {
        return new Release(request.toBuilder().setComment(comment).build());
    }

    /** Makes a new version also of an entry in which nothing changes. */
    public Release force() {
        return new Release(request.toBuilder().setForce(true).build());
    }

    /** Only checks, and tells what would change. */
    public Release dryRun() {
        return new Release(request.toBuilder().setDryRun(true).build());
    }

    ConfigPublishRequest toProto() {
        return request;
    }
}
