import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Workloads against services, one at a time, in alternating rounds on one PostgreSQL. */
final class Rounds {

    private record Key(Service service, Workload workload) {}

    private final Proc postgres;
    private final Map<Key, List<Measurement>> measured = new HashMap<>();

    Rounds(Proc postgres) {
        this.postgres = postgres;
    }

    /** Each service works for so many seconds, which the workloads share. What fails in it is told, and fails no run. */
    static void warmUp(List<Service> services, List<? extends Workload> workloads, int seconds)
            throws InterruptedException {
        for (Service service : services) {
            for (Workload workload : workloads) {
                if (seconds > 0) {
                    warmUp(service, workload, Math.max(1, seconds / workloads.size()));
                }
            }
        }
    }

    private static void warmUp(Service service, Workload workload, int seconds) throws InterruptedException {
        try {
            workload.run(service, seconds);
        } catch (IOException e) {
            System.err.printf("%s while it was warmed: %s%n", service.name(), e.getMessage());
        }
    }

    void run(List<Service> services, List<? extends Workload> workloads, int rounds, int seconds)
            throws IOException, InterruptedException {
        List<Service> order = new ArrayList<>(services);
        for (int round = 0; round < rounds; round++) {
            for (Workload workload : workloads) {
                for (Service service : order) {
                    measured.computeIfAbsent(new Key(service, workload), key -> new ArrayList<>())
                            .add(measure(service, workload, seconds));
                }
            }
            if (!workloads.isEmpty()) {
                System.err.printf("%s …: round %d of %d%n", workloads.get(0).name(), round + 1, rounds);
            }
            // Forwards, then backwards: the table grows, and who comes later has the larger one.
            Collections.reverse(order);
        }
    }

    private Measurement measure(Service service, Workload workload, int seconds)
            throws IOException, InterruptedException {
        long serviceMicros = service.process().familyCpuMicros();
        long postgresMicros = postgres.familyCpuMicros();
        Workload.Outcome outcome = workload.run(service, seconds);
        if (outcome.count() == 0) {
            throw new IOException(service.name() + ", " + workload.name() + ": no answer in " + seconds + " s");
        }
        return new Measurement(
                outcome.count() / outcome.seconds(),
                (double) (service.process().familyCpuMicros() - serviceMicros) / outcome.count(),
                (double) (postgres.familyCpuMicros() - postgresMicros) / outcome.count(),
                outcome.p50Micros(),
                outcome.p99Micros());
    }

    /** Round by round. */
    List<Measurement> of(Service service, Workload workload) {
        return measured.getOrDefault(new Key(service, workload), List.of());
    }

    /** What one did against another, requests or rows a second, round by round. */
    double[] ratios(Service service, Service against, Workload workload) {
        List<Measurement> those = of(service, workload);
        List<Measurement> others = of(against, workload);
        double[] ratios = new double[Math.min(those.size(), others.size())];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = those.get(i).perSecond() / others.get(i).perSecond();
        }
        return ratios;
    }
}
