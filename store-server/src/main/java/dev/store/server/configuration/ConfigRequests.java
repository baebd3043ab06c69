package dev.store.server.configuration;

import dev.store.api.Limits;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.ConfigDraft;
import dev.store.api.v1.ConfigGrayRule;
import dev.store.api.v1.ConfigInstance;
import dev.store.api.v1.ConfigKey;
import dev.store.api.v1.ConfigRetention;
import dev.store.api.v1.ConfigSubscription;
import dev.store.raft.keyspace.Requests;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks requests before anything is read or proposed; every error names the field, its value and what was expected. */
final class ConfigRequests {
    private static final String NAME_RULE =
            "1 to " + Limits.CONFIG_NAME_CHARACTERS + " characters of A-Z a-z 0-9 . _ - @, not starting with '.'";

    private ConfigRequests() {}

    static EntryName entry(String namespace, ConfigKey key) {
        return new EntryName(
                Requests.namespace(namespace), name("key.group", key.getGroup()), name("key.name", key.getName()));
    }

    /** An entry, or with an empty name a whole group. */
    static EntryName entryOrGroup(String namespace, String group, String name) {
        return new EntryName(
                Requests.namespace(namespace), name("group", group), name.isEmpty() ? "" : name("name", name));
    }

    /** A group to look only at; empty means all. */
    static String groupFilter(String group) {
        return group.isEmpty() ? "" : name("group", group);
    }

    static String name(String field, String name) {
        boolean valid = !name.isEmpty() && name.length() <= Limits.CONFIG_NAME_CHARACTERS && name.charAt(0) != '.';
        for (int i = 0; valid && i < name.length(); i++) {
            valid = nameCharacter(name.charAt(i));
        }
        if (!valid) {
            throw invalid(field, name, NAME_RULE);
        }
        return name;
    }

    static boolean nameCharacter(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '_'
                || c == '-'
                || c == '@';
    }

    static void draft(ConfigDraft draft) {
        if (draft.getContent().size() > Limits.CONFIG_CONTENT_BYTES) {
            throw tooLarge("content", draft.getContent().size() + " bytes", Limits.CONFIG_CONTENT_BYTES);
        }
        if (draft.getTypeValue() < 0 || draft.getTypeValue() > 5) {
            throw invalid("type", String.valueOf(draft.getTypeValue()), "0 to 5");
        }
        if (draft.hasExpectedVersion()) {
            notNegative("expected_version", draft.getExpectedVersion());
        }
        labels(draft.getLabelsMap());
        text("description", draft.getDescription());
    }

    /** 1 to 64 different entries. */
    static void release(List<EntryName> entries) {
        if (entries.isEmpty()) {
            throw invalid("entries", "0", "1 to " + Limits.CONFIG_RELEASE_ENTRIES);
        }
        if (entries.size() > Limits.CONFIG_RELEASE_ENTRIES) {
            throw tooLarge("entries", String.valueOf(entries.size()), Limits.CONFIG_RELEASE_ENTRIES);
        }
        Set<EntryName> seen = new HashSet<>();
        for (EntryName entry : entries) {
            if (!seen.add(entry)) {
                throw invalid("entries", entry.toString(), "each entry once");
            }
        }
    }

    /** Who and why. */
    static void words(String author, String comment) {
        if (author.length() > Limits.CONFIG_NAME_CHARACTERS) {
            throw tooLarge("author", author.length() + " characters", Limits.CONFIG_NAME_CHARACTERS);
        }
        printable("author", author);
        text("comment", comment);
    }

    static void labels(Map<String, String> labels) {
        if (labels.size() > Limits.CONFIG_LABELS) {
            throw tooLarge("labels", String.valueOf(labels.size()), Limits.CONFIG_LABELS);
        }
        labels.forEach((name, value) -> {
            boolean valid = !name.isEmpty() && name.length() <= Limits.CONFIG_LABEL_NAME_CHARACTERS;
            for (int i = 0; valid && i < name.length(); i++) {
                valid = nameCharacter(name.charAt(i)) || name.charAt(i) == '/';
            }
            if (!valid) {
                throw invalid(
                        "label",
                        name,
                        "1 to " + Limits.CONFIG_LABEL_NAME_CHARACTERS + " characters of A-Z a-z 0-9 . _ - @ /");
            }
            if (value.length() > Limits.CONFIG_LABEL_VALUE_CHARACTERS) {
                throw invalid(
                        "label " + name,
                        value.length() + " characters",
                        "at most " + Limits.CONFIG_LABEL_VALUE_CHARACTERS);
            }
            printable("label " + name, value);
        });
    }

    static void text(String field, String text) {
        if (text.length() > Limits.CONFIG_TEXT_CHARACTERS) {
            throw tooLarge(field, text.length() + " characters", Limits.CONFIG_TEXT_CHARACTERS);
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) && c != '\n' && c != '\t') {
                throw invalid(field, text, "no control characters but line feeds and tabs");
            }
        }
    }

    private static void printable(String field, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                throw invalid(field, text, "no control characters");
            }
        }
    }

    static void instance(ConfigInstance instance) {
        if (instance.getId().length() > Limits.CONFIG_NAME_CHARACTERS) {
            throw invalid(
                    "instance.id",
                    instance.getId().length() + " characters",
                    "at most " + Limits.CONFIG_NAME_CHARACTERS);
        }
        printable("instance.id", instance.getId());
        labels(instance.getLabelsMap());
        if (!instance.getAddress().isEmpty()) {
            AddressRange.address("instance.address", instance.getAddress());
        }
    }

    static void rule(ConfigGrayRule rule) {
        if (rule.getInstancesCount() > Limits.CONFIG_RULE_INSTANCES) {
            throw tooLarge("rule.instances", String.valueOf(rule.getInstancesCount()), Limits.CONFIG_RULE_INSTANCES);
        }
        if (rule.getCidrsCount() > Limits.CONFIG_RULE_RANGES) {
            throw tooLarge("rule.cidrs", String.valueOf(rule.getCidrsCount()), Limits.CONFIG_RULE_RANGES);
        }
        between("rule.percent", rule.getPercent(), 0, 100);
        labels(rule.getLabelsMap());
        if (rule.getInstancesCount() == 0
                && rule.getLabelsCount() == 0
                && rule.getCidrsCount() == 0
                && rule.getPercent() == 0) {
            throw invalid("rule", "empty", "instances, labels, cidrs or percent");
        }
        rule.getInstancesList().forEach(id -> {
            if (id.isEmpty() || id.length() > Limits.CONFIG_NAME_CHARACTERS) {
                throw invalid("rule.instances", id.length() + " characters", "1 to " + Limits.CONFIG_NAME_CHARACTERS);
            }
            printable("rule.instances", id);
        });
        rule.getCidrsList().forEach(AddressRange::parse);
    }

    static void retention(ConfigRetention retention) {
        between("retention.max_versions", retention.getMaxVersions(), 0, Limits.CONFIG_VERSIONS_MAX);
        notNegative("retention.max_age_ms", retention.getMaxAgeMs());
    }

    static void subscription(ConfigSubscription subscription) {
        Requests.namespace(subscription.getNamespace());
        instance(subscription.getInstance());
        notNegative("at_least_revision", subscription.getAtLeastRevision());
        if (subscription.getEntriesCount() > Limits.CONFIG_SUBSCRIPTION_ENTRIES) {
            throw tooLarge(
                    "entries", String.valueOf(subscription.getEntriesCount()), Limits.CONFIG_SUBSCRIPTION_ENTRIES);
        }
        if (subscription.getGroupsCount() > Limits.CONFIG_SUBSCRIPTION_GROUPS) {
            throw tooLarge("groups", String.valueOf(subscription.getGroupsCount()), Limits.CONFIG_SUBSCRIPTION_GROUPS);
        }
        if (subscription.getKnownCount() > Limits.CONFIG_SUBSCRIPTION_KNOWN) {
            throw tooLarge("known", String.valueOf(subscription.getKnownCount()), Limits.CONFIG_SUBSCRIPTION_KNOWN);
        }
        subscription.getGroupsList().forEach(group -> name("groups", group));
        subscription.getEntriesList().forEach(key -> entry(subscription.getNamespace(), key));
        subscription.getKnownList().forEach(known -> {
            entry(subscription.getNamespace(), known.getKey());
            notNegative("known.version", known.getVersion());
        });
    }

    /** Entries of a page; 0 means {@code ifNone}. */
    static int page(int limit, int ifNone) {
        between("limit", limit, 0, Limits.CONFIG_PAGE_ENTRIES);
        return limit == 0 ? ifNone : limit;
    }

    static void notNegative(String field, long value) {
        if (value < 0) {
            throw invalid(field, String.valueOf(value), "at least 0");
        }
    }

    static void between(String field, long value, long min, long max) {
        if (value < min || value > max) {
            throw invalid(field, String.valueOf(value), min + " to " + max);
        }
    }

    static StoreException invalid(String field, String value, String expected) {
        return new StoreException(
                ErrorCode.INVALID_ARGUMENT, field + ": \"" + shown(value) + "\" (expected: " + expected + ")");
    }

    static StoreException tooLarge(String field, String value, long limit) {
        return new StoreException(ErrorCode.TOO_LARGE, field + ": " + value + " (expected: at most " + limit + ")");
    }

    /** A value for a message: no control characters, not too long. */
    static String shown(String value) {
        StringBuilder safe = new StringBuilder();
        for (int i = 0; i < value.length() && i < 100; i++) {
            char c = value.charAt(i);
            safe.append(Character.isISOControl(c) ? '?' : c);
        }
        return value.length() > 100 ? safe + "…" : safe.toString();
    }
}
