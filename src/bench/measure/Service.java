import java.net.URI;

/** Something that serves posts, and the processes it consists of: one, or the parent of several. */
record Service(String name, URI uri, Proc process) {}
