package dev.store.bench.work;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A work with how many take part.
 *
 * @param work what is done
 * @param count clients, watchers, leases or keys, as the work counts
 * @param connections connections of the load, spread over the nodes
 */
public record Job(Work work, int count, int connections) {
    /**
     * Clients that put what is watched. Many: a watcher of etcd that could not be told at once is told with all it has missed
     * in the next of ten rounds a second, so that few puts under way would measure the wait for those rounds.
     */
    public static final int WATCHED_PUTTERS = 256;

    /** Clients that put where the number of a job counts something else. */
    public static final int PUTTERS = 64;

    private static final Pattern TEXT = Pattern.compile("([a-z-]+)(?:@(\\d{1,8})(?:/(\\d{1,5}))?)?");

    public Job {
        if (count < 1 && work != Work.MEMORY) {
            throw new IllegalArgumentException(work.label() + ": " + count + " (expected: at least 1)");
        }
        if (connections < 1) {
            throw new IllegalArgumentException("connections: " + connections + " (expected: at least 1)");
        }
    }

    /** The job of a text such as {@code put}, {@code put@64} or {@code put@1000/100}, with these numbers if it has none. */
    public static Job of(String text, int clients, int connections) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "workload: \"" + text + "\" (expected: a name, or NAME@NUMBER, or NAME@NUMBER/CONNECTIONS)");
        }
        Work work = Work.of(parts.group(1));
        int usual = work.usual() == 0 ? clients : work.usual();
        int count = parts.group(2) == null ? usual : Integer.parseInt(parts.group(2));
        int most = work.counts() == Work.Counts.CLIENTS ? Math.min(count, connections) : connections;
        return new Job(work, count, parts.group(3) == null ? Math.max(1, most) : Integer.parseInt(parts.group(3)));
    }

    /** Logical clients, each with one operation at a time. */
    public int clients() {
        return switch (work) {
            case WATCH, WATCH_DELAY -> WATCHED_PUTTERS;
            case PUT_IDLE_WATCHES, PUT_KEYS -> PUTTERS;
            case READ_PAGES, CONFIG_PUSH -> 1;
            default -> count;
        };
    }

    /** How many watches wait while it is done. */
    public int watchers() {
        return work.counts() == Work.Counts.WATCHERS ? count : 0;
    }

    /** As in "put, 64 clients / 8 connections". */
    public String label() {
        String number = count + " " + (count == 1 ? singular() : work.counts().word());
        if (work.stage() == Stage.EVENT) {
            return work.counts() == Work.Counts.CLIENTS ? work.label() : work.label() + ", " + number;
        }
        return work.label() + ", " + number + " / " + connections + (connections == 1 ? " connection" : " connections");
    }

    private String singular() {
        String word = work.counts().word();
        return word.substring(0, word.length() - 1);
    }
}
