import java.io.IOException;
import java.util.Map;

/** One column of a table, for which some services do something else than the others. */
record ByService(Workload others, Map<Service, Workload> some) implements Workload {

    @Override
    public String name() {
        return others.name();
    }

    @Override
    public String unit() {
        return others.unit();
    }

    @Override
    public Outcome run(Service service, int seconds) throws IOException, InterruptedException {
        return some.getOrDefault(service, others).run(service, seconds);
    }
}
