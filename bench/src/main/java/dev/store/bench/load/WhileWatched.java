package dev.store.bench.load;

/** Some load while watches of something else are open and have nothing to tell. */
public final class WhileWatched implements Workload {
    private final Workload load;
    private final FanOut watches;

    /** The load, and the watches, whose own operations are never done. */
    public WhileWatched(Workload load, FanOut watches) {
        this.load = load;
        this.watches = watches;
    }

    @Override
    public String name() {
        return load.name();
    }

    @Override
    public void prepare() {
        watches.prepare();
        load.prepare();
    }

    @Override
    public Operation operation() {
        return load.operation();
    }

    @Override
    public void close() {
        load.close();
        watches.close();
    }
}
