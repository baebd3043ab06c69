package dev.store.jepsen.history;

/** What a line of a history says about an operation; the names are Jepsen's. */
public enum OpType {
    /** The operation begins. */
    INVOKE("invoke"),
    /** It took effect and this is its answer. */
    OK("ok"),
    /** It certainly changed nothing. */
    FAIL("fail"),
    /** It may have taken effect, or may still: its process never acts again. */
    INFO("info");

    private final String word;

    OpType(String word) {
        this.word = word;
    }

    /** The keyword, without its colon. */
    public String word() {
        return word;
    }

    static OpType ofWord(String word) {
        for (OpType type : values()) {
            if (type.word.equals(word)) {
                return type;
            }
        }
        throw new IllegalArgumentException(":type :" + word + " (expected: :invoke, :ok, :fail or :info)");
    }
}
