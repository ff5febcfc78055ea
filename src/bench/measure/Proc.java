import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What Linux and the JVM tell about a process. */
record Proc(long pid) {

    /** A tick of {@code /proc/PID/stat}: 100 a second, whatever the kernel. */
    private static final long MICROS_PER_TICK = 10_000;

    private static final Pattern USED = Pattern.compile("(?m)^(?! *(?:Metaspace|class)).*?used (\\d+)K");

    /** CPU time of the process, user and system. */
    long cpuMicros() throws IOException {
        List<String> stat = stat();
        return (ticks(stat, 14) + ticks(stat, 15)) * MICROS_PER_TICK;
    }

    /** CPU time of a process and its children, those included that have ended: of PostgreSQL, by its postmaster. */
    long familyCpuMicros() throws IOException {
        List<String> stat = stat();
        long ticks = ticks(stat, 14) + ticks(stat, 15) + ticks(stat, 16) + ticks(stat, 17);
        long living = 0;
        for (Proc child : children()) {
            living += child.orZero(Proc::cpuMicros);
        }
        return ticks * MICROS_PER_TICK + living;
    }

    /** Memory of a process and its children, in bytes; what they share is counted once. */
    long familyPss() throws IOException {
        long bytes = pss();
        for (Proc child : children()) {
            bytes += child.orZero(Proc::pss);
        }
        return bytes;
    }

    private List<Proc> children() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> name.chars().allMatch(Character::isDigit))
                    .map(name -> new Proc(Long.parseLong(name)))
                    .filter(process -> process.orZero(Proc::parent) == pid)
                    .toList();
        }
    }

    private interface Question {
        long ask(Proc process) throws IOException;
    }

    private long orZero(Question question) {
        try {
            return question.ask(this);
        } catch (IOException e) {
            return 0; // It has ended since it was listed.
        }
    }

    private long parent() throws IOException {
        return ticks(stat(), 4);
    }

    private long pss() throws IOException {
        return kilobytes("/proc/" + pid + "/smaps_rollup", "Pss:") * 1024;
    }

    boolean isAlive() {
        try {
            return !stat().get(1).equals("Z");
        } catch (IOException e) {
            return false;
        }
    }

    /** Resident set size, in bytes. */
    long rss() throws IOException {
        return kilobytes("/proc/" + pid + "/status", "VmRSS:") * 1024;
    }

    private static long kilobytes(String file, String name) throws IOException {
        for (String line : Files.readAllLines(Path.of(file))) {
            if (line.startsWith(name)) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException(file + " has no " + name);
    }

    /** Bytes of the heap in use after a full collection, which this starts. */
    long heapAfterCollection() throws IOException, InterruptedException {
        jcmd("GC.run");
        Matcher used = USED.matcher(jcmd("GC.heap_info"));
        long kilobytes = 0;
        while (used.find()) {
            kilobytes += Long.parseLong(used.group(1));
        }
        if (kilobytes == 0) {
            throw new IOException("No heap in the answer of jcmd");
        }
        return kilobytes * 1024;
    }

    private String jcmd(String command) throws IOException, InterruptedException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process process = new ProcessBuilder(jcmd, String.valueOf(pid), command)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IOException("jcmd " + command + ": " + output);
        }
        return output;
    }

    /** The fields from the third on: the second is a name in parentheses, which may have blanks. */
    private List<String> stat() throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        return List.of(stat.substring(stat.lastIndexOf(')')).split(" "));
    }

    /** A field by its number in proc(5). */
    private static long ticks(List<String> stat, int field) {
        return Long.parseLong(stat.get(field - 2));
    }
}
