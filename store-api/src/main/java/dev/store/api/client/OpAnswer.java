package dev.store.api.client;

/** The answer to an {@link Op}: of the same kind as the operation. */
public sealed interface OpAnswer extends Versioned permits PutAnswer, DeleteAnswer, RangeAnswer, TxnAnswer {}
