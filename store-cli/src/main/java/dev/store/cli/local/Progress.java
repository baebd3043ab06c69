package dev.store.cli.local;

/** Where a long-running command says what it is doing. */
public interface Progress {
    /** Something has happened; a line that stays. */
    void line(String text);

    /** What is being waited for; replaced by what is said next. */
    void waiting(String text);
}
