/** What a program says at its end, apart from figures. */
final class Verdict {

    private Verdict() {}

    /** Figures of a feed that loses or repeats posts are worth nothing: the program ends with status 1. */
    static void of(long wrong) {
        if (wrong > 0) {
            System.err.println("Posts were lost or repeated: " + wrong);
            System.exit(1);
        }
    }
}
