package dev.store.cli.command;

import dev.store.cli.local.Progress;

/** Says on standard error how far a command is; on a terminal, what is waited for is one line that changes. */
final class Screen implements Progress {
    private final Context context;
    private int shown;

    Screen(Context context) {
        this.context = context;
    }

    @Override
    public void line(String text) {
        clear();
        context.err().println(text);
        context.err().flush();
    }

    @Override
    public void waiting(String text) {
        if (!context.terminal().err()) {
            return;
        }
        clear();
        String cut =
                text.substring(0, Math.min(text.length(), context.terminal().columns() - 1));
        context.err().print(cut);
        context.err().flush();
        shown = cut.length();
    }

    void clear() {
        if (shown > 0) {
            context.err().print("\r" + " ".repeat(shown) + "\r");
            shown = 0;
        }
    }
}
