package dev.store.bench.report;

/** A part of the report; each starts a fresh cluster. */
public enum Section {
    /** 1000 clients over 100 connections: put, linearizable get, serializable get. */
    THROUGHPUT,
    /** One client's put. */
    SINGLE,
    /** Services, locks and configuration: calls, heartbeats, and changes that subscribers see. */
    FACES,
    /** Resident memory: idle, and with many keys. */
    MEMORY
}
